/** Decides which workloads may sleep, and lays them to sleep. */
@NullMarked
package dev.ebb.autoscaler;

import org.jspecify.annotations.NullMarked;
