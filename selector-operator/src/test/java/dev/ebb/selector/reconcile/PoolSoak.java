package dev.ebb.selector.reconcile;

import dev.ebb.selector.plan.Planner;
import dev.ebb.testkit.history.Histories;

/** {@code ./ebb soak pools}: what {@link PoolHistoriesTest} does, for hours. */
final class PoolSoak {

  private PoolSoak() {}

  /** Plays histories on all cores. */
  public static void main(String[] words) throws InterruptedException {
    new Histories<>(() -> new PoolWorld(Planner::plan), PoolHistoriesTest::step, 24).soak(words);
  }
}
