/** The contract of clouds: where nodes come from, and where they go. */
@NullMarked
package dev.ebb.scaler.nodes;

import org.jspecify.annotations.NullMarked;
