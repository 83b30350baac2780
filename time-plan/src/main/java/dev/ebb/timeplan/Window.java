package dev.ebb.timeplan;

/**
 * Values for a time.
 *
 * @param name how its owner knows it, as in {@code 22:00+00:00 to 06:00+00:00}
 * @param when when they hold
 * @param values what holds
 */
public record Window(String name, Recurrence when, Values values) {}
