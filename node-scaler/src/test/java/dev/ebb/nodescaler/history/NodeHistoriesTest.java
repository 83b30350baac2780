package dev.ebb.nodescaler.history;

import dev.ebb.testkit.history.Seeds;
import org.junit.jupiter.api.Test;

/** Whatever happens: nobody who plays is ended by the node-scaler, and the buffer comes back. */
class NodeHistoriesTest {

  /** {@code -Debb.histories} says another number. */
  private static final int USUAL = 200;

  @Test
  void whateverHappensNobodyIsEndedAndTheBufferComesBack() {
    NodeSteps.histories(Mutants.NONE).runOnAllCores(Seeds.upTo(USUAL));
  }
}
