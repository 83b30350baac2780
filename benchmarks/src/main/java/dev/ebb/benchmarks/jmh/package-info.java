/** Benchmarks of pure functions, by JMH; they need no cluster. */
@NullMarked
package dev.ebb.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
