package dev.ebb.benchmarks.schedule;

import dev.ebb.benchmarks.jmh.Jmh;
import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.Progress;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./ebb bench evaluate}: what it costs to say what a schedule says. */
@Command(
    name = "evaluate",
    header = "One evaluation of a schedule, by JMH; needs no cluster.",
    description = {
      "For schedules as users write them, at instants of a whole year: which window rules, what is",
      "in force with its ramps, what comes next and when. A look is that, the text read anew, and",
      "the search for windows in each other's way: all that the time-scaler decides by."
    })
public final class EvaluateCommand extends BenchmarkCommand {

  private static final Bound BOUND = Bound.atMost(20, 20);

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Jmh jmh;

  /** Made by picocli. */
  public EvaluateCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    return progress.step("JMH", () -> jmh.run(Evaluations.class)).stream()
        .map(EvaluateCommand::figure)
        .toList();
  }

  private static Figure figure(RunResult result) {
    String schedule = Specs.valueOf(Jmh.parameter(result, "schedule")).text();
    String method = Jmh.method(result);
    return new Figure(
        method + ", " + schedule + ", mean",
        Jmh.mean(result),
        "µs",
        method.equals("evaluation") ? BOUND : Bound.NONE);
  }
}
