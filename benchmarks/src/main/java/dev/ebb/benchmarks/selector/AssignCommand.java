package dev.ebb.benchmarks.selector;

import dev.ebb.benchmarks.jmh.Jmh;
import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.Progress;
import dev.ebb.selector.api.Strategy;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./ebb bench assign}: what it costs to share Services out, and how many move. */
@Command(
    name = "assign",
    header = "10,000 Services are shared out among 500 pods, by JMH; needs no cluster.",
    description = {
      "For each strategy: anew, anew among pods with weights, and with one pod less or more than",
      "before. Before that the table of moves: Services that have another pod when the",
      "number of pods changed, and in brackets the most without the fewest that a pod has then."
    })
public final class AssignCommand extends BenchmarkCommand {

  private static final Bound BOUND = Bound.atMost(50, 50);
  private static final Bound EXACT = Bound.atMost(0, 0);

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Jmh jmh;

  @Option(names = "--moves-only", description = "Prints the table of moves, and measures nothing.")
  private boolean movesOnly;

  /** Made by picocli. */
  public AssignCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    Moves.table().forEach(System.out::println);
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure("Sticky: moves beyond the fewest possible", beyond(), "Services", EXACT));
    if (!movesOnly) {
      progress.step("JMH", () -> jmh.run(Assignments.class)).stream()
          .map(AssignCommand::figure)
          .forEach(figures::add);
    }
    return figures;
  }

  /** Over all rows of the table. */
  private static long beyond() {
    return Moves.TABLE.stream()
        .mapToLong(row -> Math.abs(row.outcome(Strategy.Sticky).moves() - row.fewest()))
        .sum();
  }

  private static Figure figure(RunResult result) {
    return new Figure(
        Jmh.parameter(result, "strategy") + ": " + Jmh.method(result) + ", mean",
        Jmh.mean(result),
        "ms",
        BOUND);
  }
}
