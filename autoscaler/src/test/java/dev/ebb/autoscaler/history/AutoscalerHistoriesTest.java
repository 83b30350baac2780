package dev.ebb.autoscaler.history;

import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import org.junit.jupiter.api.Test;

/** Whatever happens, the autoscaler keeps the promises of handover.md and comes to rest. */
class AutoscalerHistoriesTest {

  /** Half a minute on two cores; {@code -Debb.histories} says another number. */
  static final int USUAL = 200;

  @Test
  void keepsItsPromisesInEveryHistory() {
    new Histories<>(() -> new AutoscalerWorld(Seams.NONE), AutoscalerSteps::next, 30)
        .runOnAllCores(Seeds.upTo(USUAL));
  }
}
