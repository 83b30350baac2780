/** What a held request costs. */
@NullMarked
package dev.ebb.benchmarks.held;

import org.jspecify.annotations.NullMarked;
