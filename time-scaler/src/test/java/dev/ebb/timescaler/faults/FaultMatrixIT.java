package dev.ebb.timescaler.faults;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.testkit.matrix.FaultMatrix;
import dev.ebb.timescaler.TimeScalerApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Whatever happens on the way to the API server, the time-scaler comes to the same end. */
@WithCluster(pods = false)
@EnabledIfSystemProperty(
    named = "ebb.matrix",
    matches = "rows|points|full",
    disabledReason = "not in every build yet, see docs/testing.md: -Debb.matrix=rows")
class FaultMatrixIT {

  @Test
  void comesToTheSameEnd(Cluster cluster) throws InterruptedException {
    FaultMatrix.of("time-scaler", TimeScalerApplication.class, WindowScenario::new).run(cluster);
  }
}
