package dev.ebb.testkit.matrix;

import java.util.function.Consumer;

/**
 * One thing that happens in a scenario, and what the service makes of it.
 *
 * @param name in a few words, for reports
 * @param action makes it happen, with all rights and past every fault
 * @param reached asserts what must have become of it; asked until it holds
 */
public record Act(String name, Consumer<World> action, Consumer<World> reached) {}
