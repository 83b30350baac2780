package dev.ebb.benchmarks.lab;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Clusters;
import dev.ebb.localcluster.Environment;
import dev.ebb.localcluster.Options;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.cli.Repository;
import dev.ebb.localcluster.cli.Suite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A cluster of one benchmark's own, with the suite as shipped in it. Close it. */
public final class Lab implements AutoCloseable {

  /** Where the workloads of benchmarks live. */
  public static final String NAMESPACE = "ebb-bench";

  private static final JsonMapper JSON = new JsonMapper();

  private final Cluster cluster;

  private Lab(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Builds the images, starts a cluster with an audit log and installs the suite.
   *
   * @param helmArguments what differs from the chart's own values
   */
  public static Lab start(Progress progress, List<String> helmArguments) {
    if (Environment.system().kubeconfig().isPresent()) {
      throw new ClusterException(
          "Benchmarks bring their own cluster and read its node: unset EBB_KUBECONFIG for them.");
    }
    Cluster cluster = Clusters.start(Options.owned().withAudit(true).withProgress(progress));
    Lab lab = new Lab(cluster);
    try {
      new Suite(Repository.own(), cluster, progress).install(helmArguments);
      cluster.kubectl("create", "namespace", NAMESPACE).orThrow();
      return lab;
    } catch (RuntimeException failed) {
      lab.close();
      throw failed;
    }
  }

  /** The cluster. */
  public Cluster cluster() {
    return cluster;
  }

  /** Runs kubectl in a namespace; what it printed. */
  public String kubectl(String namespace, String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  /** Reads objects. */
  public JsonNode get(String namespace, String... what) {
    String[] words =
        Stream.concat(Stream.of("get", "-o", "json"), Stream.of(what)).toArray(String[]::new);
    return JSON.readTree(kubectl(namespace, words));
  }

  /** Reads one of this module's resources. */
  public String resource(String name) {
    return Manifest.read(name);
  }

  /** Applies a manifest of this module's resources; each name in it is replaced by its value. */
  public void apply(String resource, List<String> namesAndValues) {
    String yaml = resource(resource);
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      yaml = yaml.replace(namesAndValues.get(i), namesAndValues.get(i + 1));
    }
    try {
      Path file = Files.createTempFile("ebb-", ".yaml");
      try {
        Files.writeString(file, yaml);
        kubectl(NAMESPACE, "apply", "-f", file.toString());
      } finally {
        Files.delete(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Ends Kubernetes' own controllers and its scheduler: from then on nothing happens to an object
   * but what the benchmark and the installed services do, and thousands of objects cost nobody
   * anything. Pods that run go on.
   */
  public void endControllers() {
    await(
        "the service account of " + NAMESPACE,
        Duration.ofSeconds(60),
        () -> cluster.kubectlIn(NAMESPACE, "get", "serviceaccount", "default").ok());
    cluster.endControllers();
  }

  /** Whether the one workload's Deployment wants no replicas and no pod is left, in one answer. */
  public boolean asleep() {
    JsonNode items = get(NAMESPACE, "deployments,pods").path("items");
    return items.size() == 1 && items.path(0).path("spec").path("replicas").asInt(-1) == 0;
  }

  /** Waits until something is so. */
  public static void await(String what, Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new ClusterException(what + " did not happen within " + limit.toSeconds() + " s");
      }
      pause(Duration.ofMillis(200));
    }
  }

  /** Lets time pass, where time itself is what is measured over. */
  public static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", interrupted);
    }
  }

  @Override
  public void close() {
    cluster.stop();
  }
}
