/** Spring wiring and settings. */
@NullMarked
package dev.ebb.timescaler.config;

import org.jspecify.annotations.NullMarked;
