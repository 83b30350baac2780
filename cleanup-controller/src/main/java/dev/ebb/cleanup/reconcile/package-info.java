/** The loop's entrance, and what it watches. */
@NullMarked
package dev.ebb.cleanup.reconcile;

import org.jspecify.annotations.NullMarked;
