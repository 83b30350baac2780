/** The client of callers inside the cluster's network. */
@NullMarked
package dev.ebb.localcluster.http;

import org.jspecify.annotations.NullMarked;
