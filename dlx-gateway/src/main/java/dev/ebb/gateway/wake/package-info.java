/** Waking a workload, judging its pods, and saying why one does not come up. */
@NullMarked
package dev.ebb.gateway.wake;

import org.jspecify.annotations.NullMarked;
