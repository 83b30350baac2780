/** What cleanups cost: the first one, ten thousand ordinals at rest, hundreds at once. */
@NullMarked
package dev.ebb.benchmarks.cleanup;

import org.jspecify.annotations.NullMarked;
