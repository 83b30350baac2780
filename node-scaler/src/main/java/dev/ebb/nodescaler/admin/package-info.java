/** The admin API. */
@NullMarked
package dev.ebb.nodescaler.admin;

import org.jspecify.annotations.NullMarked;
