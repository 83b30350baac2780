/** Turns plans into guarded writes. */
@NullMarked
package dev.ebb.cleanup.apply;

import org.jspecify.annotations.NullMarked;
