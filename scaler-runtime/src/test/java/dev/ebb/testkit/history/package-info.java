/** Random histories: made from a seed, checked after each step, replayed, and shrunk on failure. */
@NullMarked
package dev.ebb.testkit.history;

import org.jspecify.annotations.NullMarked;
