/** What schedules cost: one evaluation, and thousands at one boundary. */
@NullMarked
package dev.ebb.benchmarks.schedule;

import org.jspecify.annotations.NullMarked;
