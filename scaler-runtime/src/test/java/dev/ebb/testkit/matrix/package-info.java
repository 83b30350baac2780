/**
 * The fault matrix: everything that happens to controllers sooner or later, row by row, to one
 * service that plays one scenario before a real API server.
 */
@NullMarked
package dev.ebb.testkit.matrix;

import org.jspecify.annotations.NullMarked;
