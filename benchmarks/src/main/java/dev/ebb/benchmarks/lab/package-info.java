/** The cluster that is measured on, and the instruments. */
@NullMarked
package dev.ebb.benchmarks.lab;

import org.jspecify.annotations.NullMarked;
