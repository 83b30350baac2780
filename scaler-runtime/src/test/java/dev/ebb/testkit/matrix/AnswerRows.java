package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.testkit.proxy.Often;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Rows 5 and 23: an API server that is overloaded or broken for a while. */
final class AnswerRows {

  private static final Duration OUTAGE = Duration.ofSeconds(5);

  private AnswerRows() {}

  static Stream<Cell> cells(Scenario scenario, Baseline baseline) {
    Stream<Cell> outages =
        Stream.of(500, 502, 503, 504)
            .map(
                status -> outage("all " + status, Fault.answer(status), 1, baseline).at("all 5xx"));
    Stream<Cell> others =
        Stream.of(
            outage("all 429", Fault.tooManyRequests(Duration.ofSeconds(1)), 1, baseline),
            outage("no answer", Fault.cut(), 1, baseline),
            random(baseline),
            heeded(baseline),
            statusWrites("500", List.of(Fault.answer(500)), 1, baseline),
            statusWrites(
                "500 or lost", List.of(Fault.answer(500), Fault.dropAnswer()), 0.5, baseline));
    return Stream.concat(outages, others);
  }

  /** Everything fails from before the first act on, and heals in its midst. */
  private static Cell outage(String name, Fault fault, double chance, Baseline baseline) {
    return new Cell(
        5,
        name,
        trial -> {
          trial.start("a");
          trial.leads();
          try (Applied out = trial.apply(Match.anything(), fault, Often.sometimes(chance))) {
            trial.scenario().acts().getFirst().action().accept(trial.world());
            notHot(trial, List.of(out));
          }
          trial.reached(trial.scenario().acts().getFirst());
          trial.playFrom(1);
          trial.endsAs(baseline);
        });
  }

  /** Waits for the end of the outage, and holds that it was no storm. */
  private static void notHot(Trial trial, List<Applied> out) throws InterruptedException {
    trial.until(
        "requests that the outage struck",
        Trial.CONVERGES,
        () -> out.stream().mapToInt(Applied::hits).sum() > 0);
    Instant began = Instant.now();
    Trial.pass(OUTAGE);
    long sent = trial.requestsSince(began);
    assertThat(sent)
        .as("requests in %s", OUTAGE)
        .isLessThanOrEqualTo(Storms.HOT * OUTAGE.toSeconds() * trial.scenario().controllers());
  }

  private static Cell random(Baseline baseline) {
    return new Cell(
        5,
        "a tenth at random",
        trial -> {
          trial.start("a");
          for (Act act : trial.scenario().acts()) {
            List<Applied> faults =
                Stream.of(429, 500, 503)
                    .map(status ->
                        trial.apply(Match.anything(), Fault.answer(status), Often.sometimes(0.034)))
                    .toList();
            act.action().accept(trial.world());
            Trial.pass(OUTAGE);
            faults.forEach(Applied::close);
            trial.reached(act);
          }
          trial.endsAs(baseline);
        });
  }

  /** Who is asked to come back in three seconds does not come back before. */
  private static Cell heeded(Baseline baseline) {
    return new Cell(
        5,
        "Retry-After heeded",
        trial -> {
          Duration asked = Duration.ofSeconds(3);
          trial.start("a");
          Applied busy =
              trial.apply(
                  Match.writes().notOf("events"), Fault.tooManyRequests(asked), Often.once());
          trial.play();
          assertThat(busy.hits()).isOne();
          List<Instant> tries =
              trial.exchanges().stream()
                  .filter(e -> trial.writes().test(e.request()))
                  .limit(2)
                  .map(e -> e.request().at())
                  .toList();
          assertThat(Duration.between(tries.getFirst(), tries.getLast()))
              .isGreaterThanOrEqualTo(asked);
          trial.endsAs(baseline);
        });
  }

  /** What was done is not done again because it could not be told. */
  private static Cell statusWrites(
      String name, List<Fault> faults, double chance, Baseline baseline) {
    return new Cell(
        23,
        "status " + name,
        trial -> {
          Match status =
              Match.writes().and("of status", request -> request.subresource().equals("status"));
          trial.start("a");
          trial.leads();
          List<Applied> applied =
              faults.stream()
                  .map(fault -> trial.apply(status, fault, Often.sometimes(chance)))
                  .toList();
          trial.scenario().acts().getFirst().action().accept(trial.world());
          notHot(trial, applied);
          applied.forEach(Applied::close);
          trial.reached(trial.scenario().acts().getFirst());
          trial.playFrom(1);
          trial.endsAs(baseline);
        });
  }
}
