/** Turns plans into guarded writes. */
@NullMarked
package dev.ebb.selector.apply;

import org.jspecify.annotations.NullMarked;
