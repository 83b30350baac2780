/** Turns plans into guarded writes. */
@NullMarked
package dev.ebb.nodescaler.apply;

import org.jspecify.annotations.NullMarked;
