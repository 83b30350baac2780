/** The time-scaler: what the clock wants. */
@NullMarked
package dev.ebb.timescaler;

import org.jspecify.annotations.NullMarked;
