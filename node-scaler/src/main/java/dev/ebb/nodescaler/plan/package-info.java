/** Decisions: pure functions of what was observed and an instant. */
@NullMarked
package dev.ebb.nodescaler.plan;

import org.jspecify.annotations.NullMarked;
