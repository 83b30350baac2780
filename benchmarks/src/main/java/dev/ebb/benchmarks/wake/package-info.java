/** How long a sleeping workload takes to answer. */
@NullMarked
package dev.ebb.benchmarks.wake;

import org.jspecify.annotations.NullMarked;
