package dev.ebb.autoscaler.faults;

import dev.ebb.autoscaler.AutoscalerApplication;
import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.testkit.matrix.FaultMatrix;
import org.junit.jupiter.api.Test;

/** Whatever happens on the way to the API server, the autoscaler comes to the same end. */
@WithCluster(pods = false)
class FaultMatrixIT {

  @Test
  void comesToTheSameEnd(Cluster cluster) throws InterruptedException {
    FaultMatrix.of("autoscaler", AutoscalerApplication.class, SleepScenario::new).run(cluster);
  }
}
