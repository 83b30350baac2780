package dev.ebb.benchmarks.jmh;

import dev.ebb.localcluster.ClusterException;
import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Option;

/** How long JMH measures; a picocli mixin. */
public final class Jmh {

  @Option(
      names = "--forks",
      defaultValue = "2",
      description = "How many JVMs measure, one after the other (${DEFAULT-VALUE}).")
  private int forks;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description =
          "For how long each of them measures; as long again before that it warms up"
              + " (${DEFAULT-VALUE}).")
  private int seconds;

  /** Made by picocli. */
  public Jmh() {}

  /** Runs all benchmarks of a class in JVMs that compile and collect as the image's does. */
  public Collection<RunResult> run(Class<?> benchmarks) {
    try {
      return new Runner(
              new OptionsBuilder()
                  .include("\\Q" + benchmarks.getName() + "\\E\\..*")
                  .forks(forks)
                  // The first compiler alone, as the controllers have it.
                  .jvmArgs(
                      "-XX:TieredStopAtLevel=1",
                      "-XX:+UseSerialGC",
                      "-XX:+UseCompactObjectHeaders",
                      "-Xmx256m")
                  .warmupIterations(seconds)
                  .warmupTime(TimeValue.seconds(1))
                  .measurementIterations(seconds)
                  .measurementTime(TimeValue.seconds(1))
                  .shouldFailOnError(true)
                  .verbosity(VerboseMode.SILENT)
                  .build())
          .run();
    } catch (RunnerException failed) {
      throw new ClusterException("JMH: " + failed.getMessage(), failed);
    }
  }

  /** The mean that was measured, in the unit of the benchmark. */
  public static double mean(RunResult result) {
    return result.getPrimaryResult().getScore();
  }

  /** The benchmark's method. */
  public static String method(RunResult result) {
    return result.getPrimaryResult().getLabel();
  }

  /** A parameter of the benchmark. */
  public static String parameter(RunResult result, String name) {
    return result.getParams().getParam(name);
  }
}
