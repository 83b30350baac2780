package dev.ebb.cleanup.history;

import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import dev.ebb.testkit.soak.Soak;

/** {@code ./ebb soak cleanups}: what {@link CleanupHistoriesTest} does, for hours. */
final class CleanupSoak {

  private CleanupSoak() {}

  /** Plays histories on all cores; see {@link Soak#of} for the words. */
  public static void main(String[] words) throws InterruptedException {
    Histories<CleanupWorld> histories =
        new Histories<>(() -> new CleanupWorld(Seams.NONE), CleanupSteps::next, 30);
    System.exit(
        Soak.ofProcess(words)
            .play(Runtime.getRuntime().availableProcessors(), seed -> play(histories, seed)));
  }

  private static void play(Histories<CleanupWorld> histories, long seed) {
    Histories.Failure<CleanupWorld> failure = histories.firstFailure(new Seeds(1, seed), true);
    if (failure != null) {
      throw new AssertionError(failure.text(), failure.cause());
    }
  }
}
