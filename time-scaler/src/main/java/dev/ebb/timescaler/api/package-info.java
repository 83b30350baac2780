/** Records of the custom resources and of what they steer. */
@NullMarked
package dev.ebb.timescaler.api;

import org.jspecify.annotations.NullMarked;
