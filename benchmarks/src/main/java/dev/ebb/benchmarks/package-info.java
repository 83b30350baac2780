/** What {@code ./ebb bench} and {@code ./ebb soak} run: measurements with gates, and long tests. */
@NullMarked
package dev.ebb.benchmarks;

import org.jspecify.annotations.NullMarked;
