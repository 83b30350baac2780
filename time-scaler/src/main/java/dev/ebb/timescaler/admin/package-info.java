/** The admin API. */
@NullMarked
package dev.ebb.timescaler.admin;

import org.jspecify.annotations.NullMarked;
