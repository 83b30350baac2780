package dev.ebb.benchmarks.connections;

import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.http.Dialing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code ./ebb bench connections}: who is refused while pods come and go behind Services. */
@Command(
    name = "connections",
    header = "Connections to a pool's Services while its pods come, go and are killed.",
    description = {
      "Opens one connection a millisecond through eight Services in turn, while the StatefulSet",
      "behind them goes 3, 8, 2 and is rolled: with a preStop of 5 s, as the sample has it, without",
      "one, and while pods are killed (SIGKILL). A gap is the longest time without a connection."
    })
public final class ConnectionsCommand extends BenchmarkCommand {

  private static final Duration PERIOD = Duration.ofMillis(1);
  private static final int ASK_EVERY = 20;

  /** Nobody is refused; there is nothing better. */
  private static final Bound NONE = Bound.atMost(0, 0);

  /** Made by picocli. */
  public ConnectionsCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    List<Figure> figures = new ArrayList<>();
    try (Lab lab = Lab.start(progress, List.of("--set", "selector-operator.enabled=true"))) {
      Pool pool = Pool.make(lab);
      Runnable story =
          () -> {
            pool.scale(8);
            pool.scale(2);
            pool.roll();
          };
      progress.step(
          "3 → 8 → 2 and a rollout, with a preStop",
          () -> figures.addAll(dialled(pool, "preStop of 5 s", NONE, story)));
      progress.step(
          "without a preStop",
          () -> {
            pool.withoutPreStop();
            pool.scale(3);
          });
      progress.step(
          "3 → 8 → 2 and a rollout, without a preStop",
          () -> figures.addAll(dialled(pool, "no preStop", Bound.NONE, story)));
      progress.step(
          "SIGKILL",
          () -> {
            pool.scale(3);
            figures.addAll(
                dialled(pool, "SIGKILL of one in three", Bound.NONE, () -> pool.kill(1)));
          });
    }
    return figures;
  }

  private static List<Figure> dialled(Pool pool, String what, Bound bound, Runnable story) {
    try (Dialing dialing =
        Dialing.start(pool.lab().cluster(), PERIOD, ASK_EVERY, pool.addresses())) {
      story.run();
      Collection<Dialing.Target> ends = dialing.end().values();
      dialing.failures().stream()
          .limit(3)
          .forEach(f -> System.err.println("  " + f.target() + " " + f.millis() + " " + f.text()));
      return List.of(
          Figure.told(what + ": connections", sum(ends, Dialing.Target::connections), "count"),
          new Figure(what + ": refused", sum(ends, Dialing.Target::failures), "count", bound),
          Figure.told(
              what + ": longest gap of a Service",
              ends.stream().mapToLong(Dialing.Target::gapMillis).max().orElse(0),
              "ms"));
    }
  }

  private static long sum(
      Collection<Dialing.Target> ends, java.util.function.ToIntFunction<Dialing.Target> of) {
    return ends.stream().mapToInt(of).sum();
  }
}
