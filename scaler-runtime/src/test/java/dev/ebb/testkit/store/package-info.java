/**
 * An API server in memory, and worlds on a real one. The former is a real small Kubernetes API that
 * the real client and the real informers run against unchanged. What it promises is what {@code
 * ApiContract} holds it and a real API server to.
 */
@NullMarked
package dev.ebb.testkit.store;

import org.jspecify.annotations.NullMarked;
