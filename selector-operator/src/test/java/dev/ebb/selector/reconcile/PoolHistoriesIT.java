package dev.ebb.selector.reconcile;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.selector.plan.Planner;
import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import dev.ebb.testkit.store.RealApis;
import org.junit.jupiter.api.Test;

/**
 * What {@link PoolHistoriesTest} does, on a real API server: the same world, steps, rules and end,
 * in fewer histories.
 */
@WithCluster(pods = false, controllers = false)
class PoolHistoriesIT {

  /** {@code -Debb.histories} says another number. */
  private static final int USUAL = 20;

  @Test
  void thePoolIsFairOnARealApiServerToo(Cluster cluster) {
    RealApis apis = new RealApis(cluster);
    Seeds seeds = Seeds.upTo(USUAL);
    new Histories<>(() -> new PoolWorld(Planner::plan, apis::world), PoolHistoriesTest::step, 24)
        .shrunkIn(20)
        .runOnAllCores(seeds);
    System.out.printf("%s on a real API server: %d requests%n", seeds, apis.requests());
  }
}
