package dev.ebb.selector.faults;

import dev.ebb.selector.SelectorOperatorApplication;
import dev.ebb.testkit.matrix.FaultMatrix;

/** {@code ./ebb soak faults-selector-operator}: all cells, and random faults, for hours. */
final class FaultsSoak {

  private FaultsSoak() {}

  /** Plays on a cluster of its own. */
  public static void main(String[] words) throws InterruptedException {
    FaultMatrix.of("selector-operator", SelectorOperatorApplication.class, PoolScenario::new)
        .soak(words);
  }
}
