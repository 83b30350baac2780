package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Clusters;
import dev.ebb.localcluster.Environment;
import dev.ebb.localcluster.Options;
import dev.ebb.localcluster.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What every demonstration has around it: a cluster, Ebb in it, and an end that leaves nothing. */
final class Stage {

  /** What is shown. */
  interface Play<T> {
    /** Shows it. */
    T run();

    /** Removes what it deployed. */
    void remove();
  }

  /** What a play stands on. */
  record Setting(Repository repository, Cluster cluster, Progress progress) {}

  private final boolean keep;
  private final int steps;
  private final List<String> helm;

  /**
   * Prepares.
   *
   * @param keep whether everything stays
   * @param steps how many steps of progress the play has
   * @param helm what helm is told beside the usual
   */
  Stage(boolean keep, int steps, List<String> helm) {
    this.keep = keep;
    this.steps = steps;
    this.helm = List.copyOf(helm);
  }

  /** Shows a play, in the cluster that is up or in one of its own. */
  <T> T show(Function<Setting, Play<T>> made) {
    if (Environment.system().kubeconfig().isPresent()) {
      throw new ClusterException(
          "The demo brings its own images and cluster: unset EBB_KUBECONFIG for it.");
    }
    Repository repository = Repository.own();
    Progress progress = Terminal.progress();
    progress.expect(Suite.STEPS + steps);
    Optional<Cluster> running = Clusters.find(ClusterName.usual());
    Cluster cluster = running.orElseGet(() -> start(progress));
    Suite suite = new Suite(repository, cluster, progress);
    Play<T> play = made.apply(new Setting(repository, cluster, progress));
    boolean installedBefore = running.isPresent() && suite.installed();
    try {
      suite.install(helm);
      return play.run();
    } catch (ClusterException failed) {
      throw new ClusterException(failed.getMessage() + diagnosis(cluster), failed);
    } finally {
      if (!keep) {
        cleanUp(running.isPresent(), installedBefore, cluster, suite, play);
      }
    }
  }

  private Cluster start(Progress progress) {
    return keep
        ? Clusters.start(Options.persistent(ClusterName.usual(), progress))
        : Clusters.start(Options.owned().withName("demo").withProgress(progress));
  }

  private static void cleanUp(
      boolean notOurs, boolean installedBefore, Cluster cluster, Suite suite, Play<?> play) {
    if (!notOurs) {
      cluster.stop();
      return;
    }
    play.remove();
    if (!installedBefore && suite.installed()) {
      suite.uninstall();
    }
  }

  /** Writes down what a person would look at first, and says where. */
  private static String diagnosis(Cluster cluster) {
    Path file = Environment.system().cache().resolve("logs").resolve("demo.txt");
    StringBuilder text = new StringBuilder();
    for (String command :
        List.of(
            "get pods -A -o wide",
            "get events -A --sort-by=.lastTimestamp",
            "get deployments,statefulsets,services,endpointslices,pvc -A -o wide",
            "get ebb -A -o yaml",
            "logs -n ebb-system --all-containers --prefix --tail=200 -l"
                + " app.kubernetes.io/part-of=ebb",
            "logs -n ebb-demo --all-containers --prefix --tail=100 -l"
                + " app.kubernetes.io/name=hello")) {
      text.append("$ kubectl ").append(command).append('\n');
      var result = cluster.kubectl(command.split(" ", -1));
      text.append(result.out()).append(result.err()).append('\n');
    }
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return " (details: " + file + ")";
    } catch (IOException failed) {
      return "";
    }
  }
}
