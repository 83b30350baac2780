package dev.ebb.benchmarks.lab;

import dev.ebb.benchmarks.report.Figure;
import dev.ebb.benchmarks.report.Report;
import dev.ebb.localcluster.Progress;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all benchmarks share: help, JSON, a report at the end, and an exit code. */
public abstract class BenchmarkCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Prints the result as one JSON object, last line.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** Made by picocli. */
  protected BenchmarkCommand() {}

  /** Measures; long steps are reported on the progress. */
  protected abstract List<Figure> measure(Progress progress);

  @Override
  public final Integer call() {
    // Progress goes to standard error, so that standard output stays a result
    Progress progress = Progress.on(System.err, "1".equals(System.getenv("EBB_TTY")));
    Report report = new Report(spec.name(), Machine.describe(), measure(progress));
    report.print(System.out, json);
    report.missed().forEach(missed -> System.err.println("GATE MISSED: " + missed));
    return report.missed().isEmpty() ? 0 : 1;
  }
}
