package dev.ebb.cleanup.faults;

import dev.ebb.cleanup.CleanupApplication;
import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.testkit.matrix.FaultMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Whatever happens on the way to the API server, the cleanup-controller comes to the same end. */
@WithCluster(pods = false)
@EnabledIfSystemProperty(
    named = "ebb.matrix",
    matches = "rows|points|full",
    disabledReason = "not in every build yet, see docs/testing.md: -Debb.matrix=rows")
class FaultMatrixIT {

  @Test
  void comesToTheSameEnd(Cluster cluster) throws InterruptedException {
    FaultMatrix.of("cleanup-controller", CleanupApplication.class, ScaleDownScenario::new)
        .run(cluster);
  }
}
