/** The autoscaler in the fault matrix. */
@NullMarked
package dev.ebb.autoscaler.faults;

import org.jspecify.annotations.NullMarked;
