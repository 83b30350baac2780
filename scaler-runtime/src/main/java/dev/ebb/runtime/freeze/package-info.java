/** The one switch that makes all of Ebb keep its hands off, and what it means. */
@NullMarked
package dev.ebb.runtime.freeze;

import org.jspecify.annotations.NullMarked;
