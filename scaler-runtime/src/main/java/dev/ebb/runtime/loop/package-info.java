/** The controller loop that every reconciler runs in. */
@NullMarked
package dev.ebb.runtime.loop;

import org.jspecify.annotations.NullMarked;
