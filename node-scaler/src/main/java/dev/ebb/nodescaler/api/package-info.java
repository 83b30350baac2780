/** What the node-scaler reads and writes in the Kubernetes API. */
@NullMarked
package dev.ebb.nodescaler.api;

import org.jspecify.annotations.NullMarked;
