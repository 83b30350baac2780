/** Turns plans into guarded writes. */
@NullMarked
package dev.ebb.autoscaler.apply;

import org.jspecify.annotations.NullMarked;
