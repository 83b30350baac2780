package dev.ebb.cleanup.history;

import dev.ebb.testkit.history.Histories;

/** {@code ./ebb soak cleanups}: what {@link CleanupHistoriesTest} does, for hours. */
final class CleanupSoak {

  private CleanupSoak() {}

  /** Plays histories on all cores. */
  public static void main(String[] words) throws InterruptedException {
    new Histories<>(() -> new CleanupWorld(Seams.NONE), CleanupSteps::next, 30).soak(words);
  }
}
