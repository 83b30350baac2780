/** The ResourceScaler that ships with Ebb, and the choice among all that are found. */
@NullMarked
package dev.ebb.runtime.scale;

import org.jspecify.annotations.NullMarked;
