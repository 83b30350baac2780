package dev.ebb.benchmarks;

import dev.ebb.benchmarks.cleanup.CleanupCommand;
import dev.ebb.benchmarks.connections.ConnectionsCommand;
import dev.ebb.benchmarks.held.HeldCommand;
import dev.ebb.benchmarks.proxy.ProxyCommand;
import dev.ebb.benchmarks.schedule.EvaluateCommand;
import dev.ebb.benchmarks.schedule.SchedulesCommand;
import dev.ebb.benchmarks.selector.AssignCommand;
import dev.ebb.benchmarks.selector.SelectorCommand;
import dev.ebb.benchmarks.startup.StartupCommand;
import dev.ebb.benchmarks.wake.WakeCommand;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What {@code ./ebb bench} starts, with its words as arguments. */
@Command(
    name = "ebb",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {Benchmarks.Bench.class})
public final class Benchmarks implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** Made by {@link #main} and by picocli. */
  public Benchmarks() {}

  /** Runs the command line and exits with its code: 0, 1 if a gate is missed, 2 if misused. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Benchmarks())
        .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure));
  }

  private static int explain(Exception failure) {
    if (Environment.system().debug() || !(failure instanceof ClusterException)) {
      failure.printStackTrace();
    }
    System.err.println("ebb: " + failure.getMessage());
    return 1;
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  /** {@code ./ebb bench}. */
  @Command(
      name = "bench",
      header = "Measures Ebb, and says whether the gates hold.",
      description = {
        "Each benchmark prints a table, and ends with exit code 1 if a gate is missed; most start a",
        "cluster of their own. Leave the machine alone meanwhile."
      },
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "NAME",
      subcommands = {
        WakeCommand.class,
        HeldCommand.class,
        ProxyCommand.class,
        StartupCommand.class,
        ConnectionsCommand.class,
        AssignCommand.class,
        EvaluateCommand.class,
        SchedulesCommand.class,
        SelectorCommand.class,
        CleanupCommand.class
      })
  static final class Bench implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
      spec.commandLine().usage(System.out);
    }
  }
}
