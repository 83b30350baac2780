package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.testkit.proxy.Often;
import java.time.Duration;
import java.util.stream.Stream;

/** Rows 7 and 8: what can happen to watches. */
final class WatchRows {

  private static final Duration BLIND = Duration.ofSeconds(4);

  private WatchRows() {}

  static Stream<Cell> cells(Scenario scenario, Baseline baseline) {
    return Stream.of(
        throughout(7, "closed each second", Fault.closeWatch(Duration.ofSeconds(1)), baseline),
        throughout(7, "410", Fault.goneEvent(), baseline),
        throughout(7, "ERROR event", Fault.errorEvent(), baseline),
        throughout(7, "half a line", Fault.malformedLine(), baseline),
        refused(baseline),
        throughout(
            8, "up to 5 s late", Fault.delayEvents(Duration.ZERO, Duration.ofSeconds(5)), baseline),
        throughout(8, "twice", Fault.repeatEvents(), baseline),
        blind(baseline));
  }

  /** Happens to each watch, but not so often that none could do its work. */
  private static Cell throughout(int row, String name, Fault fault, Baseline baseline) {
    return new Cell(
        row,
        name,
        trial -> {
          Applied applied =
              trial.apply(Match.watches(), fault, Often.sometimes(row == 7 ? 0.7 : 1));
          trial.start("a");
          trial.play();
          assertThat(applied.hits()).isPositive();
          trial.endsAs(baseline);
        });
  }

  private static Cell refused(Baseline baseline) {
    return new Cell(
        7,
        "410 as an answer",
        trial -> {
          trial.apply(Match.watches(), Fault.answer(410), Often.sometimes(0.5));
          trial.start("a");
          trial.play();
          trial.endsAs(baseline);
        });
  }

  /** All watches are silent while something happens, and say it all later. */
  private static Cell blind(Baseline baseline) {
    return new Cell(
        8,
        "silent meanwhile",
        trial -> {
          trial.start("a");
          trial.leads();
          for (Act act : trial.scenario().acts()) {
            try (Applied silent = trial.apply(Match.watches(), Fault.freeze())) {
              act.action().accept(trial.world());
              Trial.pass(BLIND);
            }
            trial.reached(act);
          }
          trial.endsAs(baseline);
        });
  }
}
