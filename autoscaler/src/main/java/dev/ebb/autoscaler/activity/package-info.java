/** Listens to the gateway's replicas. */
@NullMarked
package dev.ebb.autoscaler.activity;

import org.jspecify.annotations.NullMarked;
