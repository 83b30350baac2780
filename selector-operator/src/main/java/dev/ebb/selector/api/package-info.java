/** Records of the custom resources and of what they steer. */
@NullMarked
package dev.ebb.selector.api;

import org.jspecify.annotations.NullMarked;
