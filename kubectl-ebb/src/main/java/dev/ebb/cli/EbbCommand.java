package dev.ebb.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;

/** {@code kubectl ebb}. */
@Command(
    name = "kubectl ebb",
    description = "See what Ebb does with your workloads and why, and tell it what to do.",
    mixinStandardHelpOptions = true,
    versionProvider = EbbCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%n",
    footer = {
      "Ebb is reached through kubectl port-forward, as service account <release>-cli",
      "or as --service-account or --token say.",
      "",
      "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 cannot be reached."
    },
    subcommands = {
      StatusCommand.class,
      WhyCommand.class,
      SimulateCommand.class,
      WakeCommand.class,
      SleepCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      RetryCommand.class,
      SkipCommand.class,
      CancelCommand.class,
      RouteCommand.class,
      FreezeCommand.class,
      UnfreezeCommand.class,
      HelpCommand.class
    })
public final class EbbCommand {

  EbbCommand() {}

  /** Reads the version from the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = EbbCommand.class.getPackage().getImplementationVersion();
      return new String[] {"kubectl ebb " + (version == null ? "(not packaged)" : version)};
    }
  }

  /** Runs a command and ends with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command line, whose writers tests may replace. */
  static CommandLine commandLine() {
    return new CommandLine(new EbbCommand())
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.AUTO))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((error, command, parsed) -> failed(error, command));
  }

  private static int failed(Exception error, CommandLine command) throws Exception {
    if (!(error instanceof CliException known)) {
      throw error;
    }
    PrintWriter err = command.getErr();
    err.println("error: " + known.getMessage());
    err.flush();
    return known.exitCode();
  }
}
