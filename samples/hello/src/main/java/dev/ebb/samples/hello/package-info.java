/**
 * The workload of the demo and the system tests: a small HTTP/1.1 server that says who answered,
 * when it started and what exactly it was asked.
 */
@NullMarked
package dev.ebb.samples.hello;

import org.jspecify.annotations.NullMarked;
