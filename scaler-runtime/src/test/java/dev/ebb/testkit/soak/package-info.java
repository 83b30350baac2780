/** Runs that go on for hours: rounds with a seed each, until the time is over or one fails. */
@NullMarked
package dev.ebb.testkit.soak;

import org.jspecify.annotations.NullMarked;
