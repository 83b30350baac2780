/** Access to the Kubernetes API: typed requests, caches fed by watches, Events, leadership. */
@NullMarked
package dev.ebb.runtime.kube;

import org.jspecify.annotations.NullMarked;
