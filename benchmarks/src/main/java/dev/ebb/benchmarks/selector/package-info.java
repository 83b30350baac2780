/** What pools cost: sharing out, being at rest, following pods. */
@NullMarked
package dev.ebb.benchmarks.selector;

import org.jspecify.annotations.NullMarked;
