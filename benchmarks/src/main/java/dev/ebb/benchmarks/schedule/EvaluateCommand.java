package dev.ebb.benchmarks.schedule;

import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;

/** {@code ./ebb bench evaluate}: what it costs to say what a schedule says. */
@Command(name = "evaluate", header = "One evaluation of a schedule, by JMH; needs no cluster.")
public final class EvaluateCommand extends BenchmarkCommand {

  private static final Bound BOUND = Bound.atMost(20, 20);

  /** Made by picocli. */
  public EvaluateCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    Collection<RunResult> results = progress.step("JMH", EvaluateCommand::run);
    return results.stream().map(EvaluateCommand::figure).toList();
  }

  private static Collection<RunResult> run() {
    try {
      return new Runner(
              new OptionsBuilder()
                  .include(Evaluations.class.getName())
                  .forks(2)
                  // As the image has them.
                  .jvmArgs(
                      "-XX:+UseSerialGC",
                      "-XX:TieredStopAtLevel=1",
                      "-XX:+UseCompactObjectHeaders",
                      "-Xmx128m")
                  .warmupIterations(5)
                  .warmupTime(TimeValue.seconds(1))
                  .measurementIterations(5)
                  .measurementTime(TimeValue.seconds(1))
                  .verbosity(VerboseMode.SILENT)
                  .build())
          .run();
    } catch (RunnerException failed) {
      throw new ClusterException("JMH: " + failed.getMessage(), failed);
    }
  }

  private static Figure figure(RunResult result) {
    double mean = result.getPrimaryResult().getScore();
    return switch (result.getPrimaryResult().getLabel()) {
      case "oneWindow" -> new Figure("evaluation, one window, mean", mean, "µs", BOUND);
      case "threeWindowsAndARamp" ->
          new Figure("evaluation, three windows and a ramp, mean", mean, "µs", BOUND);
      case "reading" -> Figure.told("reading the three, mean", mean, "µs");
      default -> Figure.told("next transition and conflicts of the three, mean", mean, "µs");
    };
  }
}
