/** What should be, as pure functions of what was observed and an instant. */
@NullMarked
package dev.ebb.timescaler.plan;

import org.jspecify.annotations.NullMarked;
