/**
 * Members of a StatefulSet that keep something on a volume, and what cleans up after one that goes:
 * the workloads of the cleanup-controller's examples, its demo and its system tests.
 */
@NullMarked
package dev.ebb.samples.members;

import org.jspecify.annotations.NullMarked;
