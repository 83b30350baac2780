/** What became of a request, phase by phase, for those who collect traces. */
@NullMarked
package dev.ebb.gateway.trace;

import org.jspecify.annotations.NullMarked;
