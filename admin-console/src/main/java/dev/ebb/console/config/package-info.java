/** Wiring of the console. */
@NullMarked
package dev.ebb.console.config;

import org.jspecify.annotations.NullMarked;
