/** Spring wiring and settings. */
@NullMarked
package dev.ebb.selector.config;

import org.jspecify.annotations.NullMarked;
