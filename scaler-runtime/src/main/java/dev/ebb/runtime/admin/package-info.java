/** Who may call a service's own endpoints. */
@NullMarked
package dev.ebb.runtime.admin;

import org.jspecify.annotations.NullMarked;
