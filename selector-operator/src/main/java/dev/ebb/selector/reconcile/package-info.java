/** The loop's entrance, and what it watches. */
@NullMarked
package dev.ebb.selector.reconcile;

import org.jspecify.annotations.NullMarked;
