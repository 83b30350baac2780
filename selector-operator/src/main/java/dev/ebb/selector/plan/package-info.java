/** What should be, as pure functions of what was observed and an instant. */
@NullMarked
package dev.ebb.selector.plan;

import org.jspecify.annotations.NullMarked;
