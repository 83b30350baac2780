/**
 * A real Kubernetes for the demo and the tests: found, built, started, entered and removed again.
 */
@NullMarked
package dev.ebb.localcluster;

import org.jspecify.annotations.NullMarked;
