package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.Exchange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Rows 11 and 12: two replicas, of which one writes. */
final class LeaderRows {

  private static final Duration PAUSE = Duration.ofSeconds(20);
  private static final Duration SKEW = Duration.ofSeconds(30);

  private LeaderRows() {}

  static Stream<Cell> cells(Baseline baseline) {
    return Stream.of(
        frozen(baseline),
        partition(baseline),
        skewed("clock 30 s fast", SKEW, baseline),
        skewed("clock 30 s slow", SKEW.negated(), baseline),
        race(baseline),
        rolling(baseline));
  }

  /** The leader stands still for longer than its lease lasts. */
  private static Cell frozen(Baseline baseline) {
    return Cell.ofChildren(
        11,
        "leader frozen for 20 s",
        trial -> {
          Child leader = trial.startChild("a");
          trial.leads();
          trial.start("b");
          leader.freeze();
          trial.scenario().acts().getFirst().action().accept(trial.world());
          Trial.pass(PAUSE);
          leader.thaw();
          trial.reached(trial.scenario().acts().getFirst());
          trial.until("the old leader ends", Trial.CONVERGES, () -> leader.restarts() == 1);
          trial.playFrom(1);
          oneWriter(trial);
          trial.endsAs(baseline);
        });
  }

  /** The leader alone does not reach the API server. */
  private static Cell partition(Baseline baseline) {
    return new Cell(
        11,
        "leader cut off",
        trial -> {
          InProcess leader = trial.start("a");
          trial.leads();
          trial.start("b");
          trial.client("a").blackHole();
          trial.scenario().acts().getFirst().action().accept(trial.world());
          trial.until("the old leader ends", Trial.CONVERGES, () -> leader.restarts() > 0);
          trial.reached(trial.scenario().acts().getFirst());
          trial.client("a").heal();
          trial.playFrom(1);
          oneWriter(trial);
          trial.endsAs(baseline);
        });
  }

  private static Cell skewed(String name, Duration skew, Baseline baseline) {
    return new Cell(
        11,
        name,
        trial -> {
          trial.start("a", skew);
          trial.start("b");
          trial.play();
          oneWriter(trial);
          trial.endsAs(baseline);
        });
  }

  private static Cell race(Baseline baseline) {
    return new Cell(
        12,
        "two at once",
        trial -> {
          CompletableFuture<?> other = CompletableFuture.runAsync(() -> trial.start("b"));
          trial.start("a");
          other.join();
          trial.play();
          oneWriter(trial);
          trial.endsAs(baseline);
        });
  }

  /** The next pod comes up while the work goes on, and then the old one is asked to go. */
  private static Cell rolling(Baseline baseline) {
    return new Cell(
        12,
        "rolling upgrade",
        trial -> {
          InProcess old = trial.start("a");
          for (Act act : trial.scenario().acts()) {
            act.action().accept(trial.world());
            if (act.equals(trial.scenario().acts().getFirst())) {
              trial.start("b");
              old.stop();
            }
            trial.reached(act);
          }
          oneWriter(trial);
          trial.endsAs(baseline);
        });
  }

  /** Holds that nobody wrote after somebody else had taken the lease. */
  static void oneWriter(Trial trial) {
    String holder = "";
    for (Exchange exchange : trial.exchanges()) {
      if (!exchange.done() || !exchange.request().changes()) {
        continue;
      }
      if (exchange.request().ofLease()) {
        boolean taken = exchange.request().body().contains("\"acquireTime\"");
        holder = taken ? exchange.request().client() : holder;
      } else if (trial.writes().test(exchange.request())) {
        assertThat(exchange.request().client())
            .as("who writes while %s leads: %s", holder, exchange)
            .isEqualTo(holder);
      }
    }
  }
}
