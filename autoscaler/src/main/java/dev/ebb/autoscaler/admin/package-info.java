/** The REST API. */
@NullMarked
package dev.ebb.autoscaler.admin;

import org.jspecify.annotations.NullMarked;
