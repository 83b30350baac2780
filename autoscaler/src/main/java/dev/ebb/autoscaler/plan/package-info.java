/**
 * Pure decisions: what was observed and an Instant give what should be. No Spring, client or clock.
 */
@NullMarked
package dev.ebb.autoscaler.plan;

import org.jspecify.annotations.NullMarked;
