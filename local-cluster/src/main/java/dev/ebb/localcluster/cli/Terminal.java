package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Clusters;
import dev.ebb.localcluster.Progress;
import java.util.Map;

/** What all verbs share: where progress goes, and which cluster is meant. */
final class Terminal {

  private Terminal() {}

  /** Progress goes to standard error, so that standard output stays a result. */
  static Progress progress() {
    boolean terminal = System.getenv("TERM") != null && "1".equals(System.getenv("EBB_TTY"));
    return Progress.on(System.err, terminal);
  }

  /** The cluster that verbs use when no name is given. */
  static String defaultName() {
    Map<String, String> environment = System.getenv();
    return environment.getOrDefault("EBB_CLUSTER", "ebb");
  }

  /** The running cluster of this name, or one line that says how to start it. */
  static Cluster running(String name) {
    return Clusters.find(name)
        .orElseThrow(() ->
            new ClusterException(
                "Cluster " + name + " is not running: start it with ./ebb cluster up"));
  }
}
