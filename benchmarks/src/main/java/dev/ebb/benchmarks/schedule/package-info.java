/** What it costs to say what a schedule says. */
@NullMarked
package dev.ebb.benchmarks.schedule;

import org.jspecify.annotations.NullMarked;
