/** The admin API. */
@NullMarked
package dev.ebb.gateway.admin;

import org.jspecify.annotations.NullMarked;
