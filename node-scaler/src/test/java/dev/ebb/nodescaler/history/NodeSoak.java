package dev.ebb.nodescaler.history;

import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import dev.ebb.testkit.soak.Soak;

/** {@code ./ebb soak buffers}: histories of a pool in memory, for hours. */
final class NodeSoak {

  private NodeSoak() {}

  /** Plays histories on all cores; see {@link Soak#of} for the words. */
  public static void main(String[] words) throws InterruptedException {
    Histories<NodeWorld> histories = NodeSteps.histories(Mutants.NONE);
    System.exit(
        Soak.ofProcess(words)
            .play(Runtime.getRuntime().availableProcessors(), seed -> play(histories, seed)));
  }

  private static void play(Histories<NodeWorld> histories, long seed) {
    Histories.Failure<NodeWorld> failure = histories.firstFailure(new Seeds(1, seed), true);
    if (failure != null) {
      throw new AssertionError(failure.text(), failure.cause());
    }
  }
}
