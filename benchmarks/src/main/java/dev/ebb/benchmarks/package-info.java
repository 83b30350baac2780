/** What {@code ./ebb bench} runs: measurements with gates. */
@NullMarked
package dev.ebb.benchmarks;

import org.jspecify.annotations.NullMarked;
