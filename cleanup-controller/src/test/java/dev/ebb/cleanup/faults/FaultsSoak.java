package dev.ebb.cleanup.faults;

import dev.ebb.cleanup.CleanupApplication;
import dev.ebb.testkit.matrix.FaultMatrix;

/** {@code ./ebb soak faults-cleanup-controller}: all cells, and random faults, for hours. */
final class FaultsSoak {

  private FaultsSoak() {}

  /** Plays on a cluster of its own. */
  public static void main(String[] words) throws InterruptedException {
    FaultMatrix.of("cleanup-controller", CleanupApplication.class, ScaleDownScenario::new)
        .soak(words);
  }
}
