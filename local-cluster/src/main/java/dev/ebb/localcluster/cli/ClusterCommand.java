package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Clusters;
import dev.ebb.localcluster.Options;
import dev.ebb.localcluster.Result;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./ebb cluster}: a cluster that stays until it is told to go. */
@Command(
    name = "cluster",
    description = "Starts, shows and removes the cluster.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = CommandLine.HelpCommand.class)
final class ClusterCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Builds what is missing, and starts the cluster; it stays.")
  int up(
      @Mixin ClusterName name,
      @Option(names = "--audit", description = "The API server writes down all writes.")
          boolean audit,
      @Option(names = "--fake-nodes", description = "So many nodes that only pretend (KWOK).")
          Optional<Integer> fakeNodes) {
    String wanted = name.wanted();
    Optional<Cluster> running = Clusters.find(wanted);
    Cluster cluster = running.orElseGet(() -> start(wanted, audit));
    boolean onlyFakes = running.isEmpty() && !cluster.runsPods();
    fakeNodes.or(() -> onlyFakes ? Optional.of(1) : Optional.empty()).ifPresent(cluster::fakeNodes);
    if (running.isPresent()) {
      System.err.println("Cluster " + cluster.name() + " is up already.");
      return 0;
    }
    String flag = wanted.equals(ClusterName.usual()) ? "" : " --name " + wanted;
    System.err.println(
        "Cluster " + cluster.name() + " is up. Use it: eval \"$(./ebb cluster env" + flag + ")\"");
    cluster.auditLog().ifPresent(log -> System.err.println("Its audit log: " + log));
    return 0;
  }

  /** A cluster with pods, or else one whose nodes pretend, which is said. */
  private static Cluster start(String name, boolean audit) {
    Options options = Options.persistent(name, Terminal.progress()).withAudit(audit);
    Optional<String> noPods = Clusters.impossible(true);
    if (noPods.isPresent() && Clusters.impossible(false).isEmpty()) {
      System.err.println(noPods.get() + " One fake node says that it runs them.");
      return Clusters.start(options.withPods(false));
    }
    return Clusters.start(options);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Stops the cluster and removes everything of it.")
  int down(@Mixin ClusterName name) {
    String wanted = name.wanted();
    boolean stopped = Clusters.stop(wanted);
    System.err.println("Cluster " + wanted + (stopped ? " is gone." : " is not up."));
    return 0;
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Says whether the cluster is up, and what runs in it (exit code 3: down).")
  int status(@Mixin ClusterName name) {
    String wanted = name.wanted();
    Optional<Cluster> running = Clusters.find(wanted);
    if (running.isEmpty()) {
      System.out.println("Cluster " + wanted + " is down.");
      return 3;
    }
    Cluster cluster = running.get();
    System.out.println("Cluster " + cluster.name() + " is up. KUBECONFIG=" + cluster.kubeconfig());
    Result pods = cluster.kubectl("get", "nodes,pods", "-A");
    System.out.print(pods.ok() ? pods.out() : "The API server does not answer: " + pods.err());
    return pods.ok() ? 0 : 1;
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Prints shell commands that set KUBECONFIG and PATH.")
  int env(@Mixin ClusterName name) {
    Cluster cluster = name.running();
    System.out.println("export KUBECONFIG=" + quoted(cluster.kubeconfig().toString()));
    System.out.println("export PATH=" + quoted(cluster.binDir().toString()) + ":\"$PATH\"");
    return 0;
  }

  /** A word that every POSIX shell reads as it is. */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
