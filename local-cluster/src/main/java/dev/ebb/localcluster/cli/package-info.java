/** The repository's launcher, {@code ./ebb}. */
@NullMarked
package dev.ebb.localcluster.cli;

import org.jspecify.annotations.NullMarked;
