/** Clouds that nodes come from. */
@NullMarked
package dev.ebb.nodescaler.provider;

import org.jspecify.annotations.NullMarked;
