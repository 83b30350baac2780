/** What the gateway tells the autoscaler: activity, and the fence. */
@NullMarked
package dev.ebb.gateway.activity;

import org.jspecify.annotations.NullMarked;
