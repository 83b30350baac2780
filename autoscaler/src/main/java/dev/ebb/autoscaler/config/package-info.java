/** Spring wiring and settings. */
@NullMarked
package dev.ebb.autoscaler.config;

import org.jspecify.annotations.NullMarked;
