package dev.ebb.cleanup.history;

import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens: no claim of a wanted ordinal is ever deleted, none without a recorded success,
 * no lock is left behind, and everything comes to rest.
 */
class CleanupHistoriesTest {

  /** {@code -Debb.histories} says another number, {@code ./ebb soak cleanups} plays for hours. */
  static final int USUAL = 100;

  @Test
  void keepsItsPromisesInEveryHistory() {
    new Histories<>(() -> new CleanupWorld(Seams.NONE), CleanupSteps::next, 30)
        .runOnAllCores(Seeds.upTo(USUAL));
  }
}
