package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Environment;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./ebb}: a cluster, the suite in it, and a demonstration, from the repository. */
@Command(
    name = "ebb",
    mixinStandardHelpOptions = true,
    version = "Ebb 0.1.0-SNAPSHOT",
    description = "A real Kubernetes on this machine, and Ebb in it.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ClusterCommand.class,
      InstallCommand.class,
      ExecCommand.class,
      BenchCommand.class,
      SoakCommand.class,
      RunCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Environment:",
      "  EBB_CACHE       where programs and clusters lie (default ~/.cache/ebb)",
      "  EBB_CLUSTER     the cluster's name (default ebb)",
      "  EBB_KUBECONFIG  use this cluster instead of one of our own",
      "  EBB_BACKEND     go or k3s: the way to a cluster, where both are possible",
      "  EBB_DEBUG=1     show stack traces"
    })
public final class Ebb implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** Made by {@link #main} and by picocli. */
  public Ebb() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Ebb());
    // Its words, --help among them, are for the module that it runs
    Objects.requireNonNull(line.getSubcommands().get("bench"))
        .setUnmatchedOptionsArePositionalParams(true);
    return line.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure))
        .setParameterExceptionHandler((wrong, words) -> {
          System.err.println("ebb: " + wrong.getMessage() + " (see ./ebb help)");
          return CommandLine.ExitCode.USAGE;
        });
  }

  private static int explain(Exception failure) {
    if (Environment.system().debug()) {
      failure.printStackTrace();
    }
    boolean known = failure instanceof ClusterException;
    String message = known ? failure.getMessage() : failure.toString();
    System.err.println("ebb: " + String.valueOf(message).lines().findFirst().orElse("failed"));
    return 1;
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
