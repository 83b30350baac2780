/** The admin API. */
@NullMarked
package dev.ebb.cleanup.admin;

import org.jspecify.annotations.NullMarked;
