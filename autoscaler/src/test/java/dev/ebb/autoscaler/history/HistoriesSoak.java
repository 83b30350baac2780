package dev.ebb.autoscaler.history;

import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import dev.ebb.testkit.soak.Soak;

/** {@code ./ebb soak histories}: what {@link AutoscalerHistoriesTest} does, for hours. */
final class HistoriesSoak {

  private HistoriesSoak() {}

  /** Plays histories on all cores; see {@link Soak#of} for the words. */
  public static void main(String[] words) throws InterruptedException {
    Histories<AutoscalerWorld> histories =
        new Histories<>(() -> new AutoscalerWorld(Seams.NONE), AutoscalerSteps::next, 30);
    System.exit(
        Soak.ofProcess(words)
            .play(Runtime.getRuntime().availableProcessors(), seed -> play(histories, seed)));
  }

  private static void play(Histories<AutoscalerWorld> histories, long seed) {
    Histories.Failure<AutoscalerWorld> failure = histories.firstFailure(new Seeds(1, seed), true);
    if (failure != null) {
      throw new AssertionError(failure.text(), failure.cause());
    }
  }
}
