/** The loop's entrances, and what they observe. */
@NullMarked
package dev.ebb.autoscaler.reconcile;

import org.jspecify.annotations.NullMarked;
