package dev.ebb.autoscaler.faults;

import dev.ebb.autoscaler.AutoscalerApplication;
import dev.ebb.testkit.matrix.FaultMatrix;

/** {@code ./ebb soak faults}: all cells, and random faults, for hours. */
final class FaultsSoak {

  private FaultsSoak() {}

  /** Plays on a cluster of its own. */
  public static void main(String[] words) throws InterruptedException {
    FaultMatrix.of("autoscaler", AutoscalerApplication.class, SleepScenario::new).soak(words);
  }
}
