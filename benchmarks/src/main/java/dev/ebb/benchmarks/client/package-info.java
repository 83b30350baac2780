/** A process inside the cluster's network that calls, on behalf of a benchmark. */
@NullMarked
package dev.ebb.benchmarks.client;

import org.jspecify.annotations.NullMarked;
