/** Who is refused while the pods behind a pool's Services come and go. */
@NullMarked
package dev.ebb.benchmarks.connections;

import org.jspecify.annotations.NullMarked;
