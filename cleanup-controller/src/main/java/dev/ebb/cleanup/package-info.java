/** The cleanup-controller: what a scaled-down StatefulSet leaves behind. */
@NullMarked
package dev.ebb.cleanup;

import org.jspecify.annotations.NullMarked;
