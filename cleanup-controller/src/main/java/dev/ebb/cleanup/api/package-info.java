/** The Kubernetes objects that the cleanup-controller reads and writes. */
@NullMarked
package dev.ebb.cleanup.api;

import org.jspecify.annotations.NullMarked;
