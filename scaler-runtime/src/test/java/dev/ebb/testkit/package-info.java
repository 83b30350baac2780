/** The test kit: what the tests of every service stand on. */
@NullMarked
package dev.ebb.testkit;

import org.jspecify.annotations.NullMarked;
