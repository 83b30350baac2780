package dev.ebb.autoscaler.faults;

import dev.ebb.autoscaler.AutoscalerApplication;
import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Clusters;
import dev.ebb.localcluster.Options;
import dev.ebb.testkit.matrix.FaultMatrix;
import dev.ebb.testkit.soak.Soak;

/** {@code ./ebb soak faults}: random combinations of the matrix' faults, for hours. */
final class FaultsSoak {

  private FaultsSoak() {}

  /** Plays on a cluster of its own; see {@link Soak#ofProcess} for the words. */
  public static void main(String[] words) throws InterruptedException {
    Soak soak = Soak.ofProcess(words);
    Cluster cluster = Clusters.shared(Options.owned().withPods(false));
    int code;
    try {
      code =
          FaultMatrix.of("autoscaler", AutoscalerApplication.class, SleepScenario::new)
              .soak(cluster, soak);
    } finally {
      Clusters.stopShared();
    }
    System.exit(code);
  }
}
