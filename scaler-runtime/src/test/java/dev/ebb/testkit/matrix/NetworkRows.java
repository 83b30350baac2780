package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Match;
import java.time.Duration;
import java.util.stream.Stream;

/** Row 6: connections that die without a word, and requests that nobody answers. */
final class NetworkRows {

  private static final Duration HOLE = Duration.ofSeconds(32);
  private static final Duration HELD = Duration.ofSeconds(8);

  private NetworkRows() {}

  static Stream<Cell> cells(Baseline baseline) {
    return Stream.of(hole(baseline), halfOpen(baseline), held(baseline));
  }

  private static Cell hole(Baseline baseline) {
    return new Cell(
        6,
        "black hole for 32 s",
        trial -> {
          InProcess replica = trial.start("a");
          trial.until("it is ready", Trial.CONVERGES, replica::ready);
          trial.client("a").blackHole();
          trial.scenario().acts().getFirst().action().accept(trial.world());
          Trial.pass(HOLE);
          assertThat(replica.ready()).as("ready although it has not heard anything").isFalse();
          trial.client("a").heal();
          trial.reached(trial.scenario().acts().getFirst());
          trial.until("it is ready again", Trial.CONVERGES, replica::ready);
          trial.playFrom(1);
          trial.endsAs(baseline);
        });
  }

  private static Cell halfOpen(Baseline baseline) {
    return new Cell(
        6,
        "half-open connections",
        trial -> {
          trial.start("a");
          trial.leads();
          for (Act act : trial.scenario().acts()) {
            trial.client("a").forgetConnections();
            act.action().accept(trial.world());
            trial.reached(act);
          }
          trial.endsAs(baseline);
        });
  }

  private static Cell held(Baseline baseline) {
    return new Cell(
        6,
        "no answers for 8 s",
        trial -> {
          trial.start("a");
          trial.leads();
          for (Act act : trial.scenario().acts()) {
            try (Applied hold = trial.apply(Match.anything(), Fault.hold())) {
              act.action().accept(trial.world());
              Trial.pass(HELD);
            }
            trial.reached(act);
          }
          trial.endsAs(baseline);
        });
  }
}
