package dev.ebb.testkit.store;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.WithCluster;

/** A real API server is one that worlds can stand on. */
@WithCluster(pods = false, controllers = false)
class RealWorldIT extends WorldContract {
  RealWorldIT(Cluster cluster) {
    super(new RealApis(cluster)::world);
  }
}
