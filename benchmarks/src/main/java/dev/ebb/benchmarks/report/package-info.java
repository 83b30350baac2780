/** Figures, their bounds, and how they are shown. */
@NullMarked
package dev.ebb.benchmarks.report;

import org.jspecify.annotations.NullMarked;
