/**
 * The fault proxy: stands between a controller and a real API server, and lets happen what happens
 * to real controllers sooner or later.
 */
@NullMarked
package dev.ebb.testkit.proxy;

import org.jspecify.annotations.NullMarked;
