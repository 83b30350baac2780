/** The loop's entrance, and what it watches. */
@NullMarked
package dev.ebb.nodescaler.reconcile;

import org.jspecify.annotations.NullMarked;
