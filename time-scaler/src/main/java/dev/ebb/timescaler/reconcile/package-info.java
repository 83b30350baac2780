/** The loop's entrance, and what it watches. */
@NullMarked
package dev.ebb.timescaler.reconcile;

import org.jspecify.annotations.NullMarked;
