package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.ClusterException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./ebb soak NAME}: the long form of a proof that the build gives in short. */
@Command(
    name = "soak",
    header = "Runs the long form of a proof: histories, requests, chaos, faults.",
    description = {
      "Plays rounds, each from a seed of its own, until the time is over, as",
      "many are played as were asked for, or one fails. Then it says the seed",
      "and the command that plays it again, and ends with exit code 1.",
      "",
      "NAME is one of:",
      "  histories  random histories of the autoscaler in memory, on all cores",
      "  cleanups   the same of the cleanup-controller",
      "  pools      the same of the selector-operator",
      "  buffers    the same of the node-scaler",
      "  requests   callers of workloads that sleep and wake, on a cluster of its own",
      "  chaos      the same while gateways and autoscalers are killed at random",
      "  faults     the autoscaler's fault matrix: every cell, and random faults",
      "  faults-time-scaler, faults-selector-operator, faults-cleanup-controller",
      "             the same of the others"
    },
    mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {

  /** What there is to soak; its main class lies among the module's tests. */
  enum Soak {
    /** Random histories in memory. */
    HISTORIES("autoscaler", "dev.ebb.autoscaler.history.HistoriesSoak"),
    /** Random histories of scaled-down StatefulSets in memory. */
    CLEANUPS("cleanup-controller", "dev.ebb.cleanup.history.CleanupSoak"),
    /** Random histories of pools in memory. */
    POOLS("selector-operator", "dev.ebb.selector.reconcile.PoolSoak"),
    /** Random histories of a node pool in memory. */
    BUFFERS("node-scaler", "dev.ebb.nodescaler.history.NodeSoak"),
    /** Requests to workloads that sleep and wake, on a real cluster. */
    REQUESTS("system-tests", "dev.ebb.system.RequestsSoak"),
    /** The same while gateways and autoscalers are killed. */
    CHAOS("system-tests", "dev.ebb.system.ChaosSoak"),
    /** The fault matrix of the autoscaler. */
    FAULTS("autoscaler", "dev.ebb.autoscaler.faults.FaultsSoak"),
    /** The fault matrix of the time-scaler. */
    FAULTS_TIME_SCALER("time-scaler", "dev.ebb.timescaler.faults.FaultsSoak"),
    /** The fault matrix of the selector-operator. */
    FAULTS_SELECTOR_OPERATOR("selector-operator", "dev.ebb.selector.faults.FaultsSoak"),
    /** The fault matrix of the cleanup-controller. */
    FAULTS_CLEANUP_CONTROLLER("cleanup-controller", "dev.ebb.cleanup.faults.FaultsSoak");

    private final String module;
    private final String main;

    Soak(String module, String main) {
      this.module = module;
      this.main = main;
    }

    /** Its name on the command line. */
    String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** The module whose tests it is one of. */
    String module() {
      return module;
    }

    /** The class that plays it. */
    String main() {
      return main;
    }
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "What.")
  private @Nullable String name;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "How long, as 90s, 30m or 2h (default ${DEFAULT-VALUE}).")
  private String longest = "1h";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How many rounds at most (default: as many as the time allows).")
  private long rounds = Long.MAX_VALUE;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The first round's seed; the next one's is one more (default ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() {
    String wanted = name;
    if (wanted == null) {
      spec.commandLine().usage(System.out);
      return 0;
    }
    return run(
        Repository.own(),
        Stream.of(Soak.values())
            .filter(soak -> soak.word().equals(wanted))
            .findFirst()
            .orElseThrow(() -> new ClusterException(unknown(wanted))));
  }

  private static String unknown(String wanted) {
    return "There is no soak \""
        + wanted
        + "\"; there are: "
        + Stream.of(Soak.values()).map(Soak::word).collect(Collectors.joining(", "))
        + ".";
  }

  private int run(Repository repository, Soak soak) {
    return new TestMain(repository, soak.module())
        .run(
            soak.main(), List.of(soak.word(), longest, Long.toString(rounds), Long.toString(seed)));
  }
}
