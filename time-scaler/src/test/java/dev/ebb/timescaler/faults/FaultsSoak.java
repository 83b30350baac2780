package dev.ebb.timescaler.faults;

import dev.ebb.testkit.matrix.FaultMatrix;
import dev.ebb.timescaler.TimeScalerApplication;

/** {@code ./ebb soak faults-time-scaler}: all cells, and random faults, for hours. */
final class FaultsSoak {

  private FaultsSoak() {}

  /** Plays on a cluster of its own. */
  public static void main(String[] words) throws InterruptedException {
    FaultMatrix.of("time-scaler", TimeScalerApplication.class, WindowScenario::new).soak(words);
  }
}
