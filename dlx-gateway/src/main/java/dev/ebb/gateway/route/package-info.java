/** Who may pass, who waits, and where to: the heart behind every door. */
@NullMarked
package dev.ebb.gateway.route;

import org.jspecify.annotations.NullMarked;
