/** The time-scaler in the fault matrix. */
@NullMarked
package dev.ebb.timescaler.faults;

import org.jspecify.annotations.NullMarked;
