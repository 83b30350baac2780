/** The node-scaler: how many nodes there are, so that the next servers start at once. */
@NullMarked
package dev.ebb.nodescaler;

import org.jspecify.annotations.NullMarked;
