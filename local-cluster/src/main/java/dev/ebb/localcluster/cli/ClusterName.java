package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Clusters;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which cluster is meant; the same option for all verbs. */
final class ClusterName {

  @Option(names = "--name", description = "The cluster's name.")
  private Optional<String> name = Optional.empty();

  /** The name that verbs use when none is given. */
  static String usual() {
    return System.getenv().getOrDefault("EBB_CLUSTER", "ebb");
  }

  /** The name that is meant. */
  String wanted() {
    return name.orElseGet(ClusterName::usual);
  }

  /** The running cluster of this name, or one line that says how to start it. */
  Cluster running() {
    String wanted = wanted();
    return Clusters.find(wanted)
        .orElseThrow(() ->
            new ClusterException(
                "Cluster " + wanted + " is not running: start it with ./ebb cluster up"));
  }
}
