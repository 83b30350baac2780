/** What the gateway costs and delays beside other proxies. */
@NullMarked
package dev.ebb.benchmarks.proxy;

import org.jspecify.annotations.NullMarked;
