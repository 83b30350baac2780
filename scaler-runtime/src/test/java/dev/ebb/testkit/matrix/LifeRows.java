package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.ApiRequest;
import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Exchange;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.testkit.proxy.Often;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows 1, 13 and 18: what can happen to a process. */
final class LifeRows {

  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** How soon after the end of its work a process that is asked to stop gives its lease away. */
  private static final Duration RELEASED = Duration.ofSeconds(2);

  private LifeRows() {}

  static Stream<Cell> cells(Scenario scenario, Baseline baseline) {
    return Stream.of(
            IntStream.rangeClosed(1, baseline.writes().size()).mapToObj(k -> crash(k, baseline)),
            IntStream.rangeClosed(1, effects(scenario, baseline).size())
                .mapToObj(k -> terminated(k, effects(scenario, baseline).get(k - 1), baseline)),
            Stream.of(pause(baseline), fullDisk(baseline), outOfMemory(baseline)))
        .flatMap(cells -> cells);
  }

  /** Killed when a write is done and before its answer comes; the next process goes on. */
  private static Cell crash(int k, Baseline baseline) {
    return Cell.ofChildren(
            1,
            WriteRows.nth("crash after", k, baseline),
            trial -> {
              CompletableFuture<Child> child = new CompletableFuture<>();
              Applied crash =
                  trial.apply(
                      Match.writes().notOf("events"),
                      Fault.after(request -> child.join().kill()),
                      Often.only(k));
              child.complete(trial.startChild("a"));
              trial.leads();
              trial.play();
              trial.until(
                  "the next start", Trial.CONVERGES, () -> child.join().restarts() == crash.hits());
              trial.endsAs(baseline);
              trial.struck(crash, k);
            })
        .at(WriteRows.point(k));
  }

  private static List<ApiRequest> effects(Scenario scenario, Baseline baseline) {
    return baseline.writes().stream().filter(scenario.effects()).toList();
  }

  /** Asked to stop in the midst of a write: it ends in order, and the next one leads at once. */
  private static Cell terminated(int k, ApiRequest effect, Baseline baseline) {
    return Cell.ofChildren(
            13,
            "SIGTERM at " + Trial.words(effect) + " " + k,
            trial -> {
              CompletableFuture<Child> child = new CompletableFuture<>();
              CompletableFuture<Instant> asked = new CompletableFuture<>();
              trial.apply(
                  trial.scenario().effects(),
                  Fault.before(request -> {
                    asked.complete(Instant.now());
                    child.join().terminate();
                  }),
                  Often.only(k));
              child.complete(trial.startChild("a"));
              trial.leads();
              CompletableFuture<Void> next =
                  asked.thenRunAsync(() -> {
                    child.join().stop();
                    trial.start("b");
                  });
              trial.play();
              next.get(60, TimeUnit.SECONDS);
              released(trial, asked.join());
              trial.endsAs(baseline);
            })
        .at("an effect");
  }

  private static void released(Trial trial, Instant asked) {
    List<Exchange> ofFirst =
        trial.exchanges().stream()
            .filter(e -> e.request().client().endsWith(".a") && e.request().changes())
            .toList();
    Exchange release = ofFirst.getLast();
    assertThat(release.request().ofLease()).as("the last write gives the lease away").isTrue();
    assertThat(release.request().body()).contains("\"holderIdentity\":\"\"");
    Instant work =
        ofFirst.stream()
            .filter(e -> !e.request().ofLease())
            .map(e -> e.request().at())
            .filter(asked::isBefore)
            .reduce(asked, (before, at) -> at);
    assertThat(Duration.between(work, release.request().at()))
        .as("from the end of the work to the lease's release")
        .isLessThan(RELEASED);
  }

  /** All threads stand still, as in a long collection. */
  private static Cell pause(Baseline baseline) {
    return Cell.ofChildren(
        18,
        "pause of 10 s",
        trial -> {
          Child child = trial.startChild("a");
          trial.leads();
          trial.scenario().acts().getFirst().action().accept(trial.world());
          child.freeze();
          Trial.pass(PAUSE);
          child.thaw();
          trial.reached(trial.scenario().acts().getFirst());
          trial.playFrom(1);
          trial.endsAs(baseline);
        });
  }

  /** Nothing can be logged any more, and the work goes on. */
  private static Cell fullDisk(Baseline baseline) {
    return Cell.ofChildren(
        18,
        "full disk for logs",
        trial -> {
          Child child = trial.startChildWithFullDisk("a");
          trial.leads();
          trial.play();
          assertThat(child.restarts()).isZero();
          trial.endsAs(baseline);
        });
  }

  /** Too little memory ends the process, instead of half of it going on. */
  private static Cell outOfMemory(Baseline baseline) {
    return Cell.ofChildren(
        18,
        "out of memory",
        trial -> {
          try (Child starved = trial.startChild("a", "-Xmx20m")) {
            trial.until("its end", Trial.CONVERGES, () -> starved.restarts() > 0);
          }
          trial.startChild("b");
          trial.leads();
          trial.play();
          trial.endsAs(baseline);
        });
  }
}
