package dev.ebb.cleanup.history;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import dev.ebb.testkit.store.RealApis;
import org.junit.jupiter.api.Test;

/**
 * What {@link CleanupHistoriesTest} does, on a real API server: the same world, steps, rules and
 * end, in fewer histories.
 */
@WithCluster(pods = false, controllers = false)
class CleanupHistoriesIT {

  /** {@code -Debb.histories} says another number. */
  private static final int USUAL = 20;

  @Test
  void keepsItsPromisesOnARealApiServer(Cluster cluster) {
    RealApis apis = new RealApis(cluster);
    Seeds seeds = Seeds.upTo(USUAL);
    new Histories<>(() -> new CleanupWorld(Seams.NONE, apis::world), CleanupSteps::next, 20)
        .shrunkIn(20)
        .runOnAllCores(seeds);
    System.out.printf("%s on a real API server: %d requests%n", seeds, apis.requests());
  }
}
