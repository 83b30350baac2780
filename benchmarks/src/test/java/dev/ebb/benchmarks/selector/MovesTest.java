package dev.ebb.benchmarks.selector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.selector.api.Strategy;
import org.junit.jupiter.api.Test;

class MovesTest {

  @Test
  void stickyMovesTheFewestAndKeepsTheBalance() {
    for (Moves row : Moves.TABLE) {
      Moves.Outcome outcome = row.outcome(Strategy.Sticky);
      assertThat(outcome.moves()).as(row.toString()).isEqualTo(row.fewest());
      assertThat(outcome.imbalance()).as(row.toString()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aRowNamesMovesAndImbalanceOfEachStrategy() {
    assertThat(Moves.table())
        .hasSize(Moves.TABLE.size() + 2)
        .anySatisfy(
            row -> assertThat(row).startsWith("| 8 | 3 → 4 | 5 (0) |").endsWith("| 2 (0) | 2 |"));
  }
}
