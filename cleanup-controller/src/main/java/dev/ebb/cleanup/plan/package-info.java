/** Pure decisions: what was observed and an instant make a plan. */
@NullMarked
package dev.ebb.cleanup.plan;

import org.jspecify.annotations.NullMarked;
