/** How quickly a service starts, and what it costs while nothing happens. */
@NullMarked
package dev.ebb.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
