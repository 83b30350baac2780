/**
 * What a schedule says at each instant, and nothing else: no Kubernetes, no clock, no framework.
 * The time-scaler acts on it, and {@code kubectl ebb simulate -f} shows it without a cluster.
 */
@NullMarked
package dev.ebb.timeplan;

import org.jspecify.annotations.NullMarked;
