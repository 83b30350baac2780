/** Wiring. */
@NullMarked
package dev.ebb.gateway.config;

import org.jspecify.annotations.NullMarked;
