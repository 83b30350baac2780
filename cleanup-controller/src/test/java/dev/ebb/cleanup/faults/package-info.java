/** The cleanup-controller in the fault matrix. */
@NullMarked
package dev.ebb.cleanup.faults;

import org.jspecify.annotations.NullMarked;
