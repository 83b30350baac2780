/** Spring wiring and settings. */
@NullMarked
package dev.ebb.nodescaler.config;

import org.jspecify.annotations.NullMarked;
