/** Turns plans into guarded writes. */
@NullMarked
package dev.ebb.timescaler.apply;

import org.jspecify.annotations.NullMarked;
