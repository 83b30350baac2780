/** The admin API. */
@NullMarked
package dev.ebb.selector.admin;

import org.jspecify.annotations.NullMarked;
