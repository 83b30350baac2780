package dev.ebb.autoscaler.history;

import dev.ebb.testkit.history.Histories;

/** {@code ./ebb soak histories}: what {@link AutoscalerHistoriesTest} does, for hours. */
final class HistoriesSoak {

  private HistoriesSoak() {}

  /** Plays histories on all cores. */
  public static void main(String[] words) throws InterruptedException {
    new Histories<>(() -> new AutoscalerWorld(Seams.NONE), AutoscalerSteps::next, 30).soak(words);
  }
}
