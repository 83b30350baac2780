package dev.ebb.system;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One workload of the sample image with its Service, and the ScaledResource that lets it sleep. */
final class Workload {

  private static final Duration LONGEST = Duration.ofSeconds(90);

  private final Cluster cluster;
  private final String namespace;
  private final String name;

  private Workload(Cluster cluster, String namespace, String name) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.name = name;
  }

  /**
   * Creates everything.
   *
   * @param idleAfter the window, as in {@code 4s}
   * @param replicas how many pods it starts with
   * @param startDelayMillis how long its pods take to open their port
   */
  static Workload create(
      Cluster cluster,
      String namespace,
      String name,
      String idleAfter,
      int replicas,
      int startDelayMillis) {
    Workload workload = new Workload(cluster, namespace, name);
    workload.apply(
        resource("workload.yaml")
            .replace("@NAME@", name)
            .replace("@IDLE@", idleAfter)
            .replace("@REPLICAS@", Integer.toString(replicas))
            .replace("@DELAY@", Integer.toString(startDelayMillis)));
    return workload;
  }

  static String resource(String file) {
    try (InputStream in = Workload.class.getResourceAsStream("/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void apply(String yaml) {
    try {
      Path file = Files.createTempFile("ebb-", ".yaml");
      try {
        Files.writeString(file, yaml);
        kubectl("apply", "-f", file.toString());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  /** The URL of a path of the Service, by its name. */
  String urlByName(String path) {
    return "http://" + name + "." + namespace + ".svc.cluster.local" + path;
  }

  /** The URL of a path of the Service, by its address: no name server has a part in it. */
  String url(String path) {
    return "http://" + kubectl("get", "service", name, "-o", "jsonpath={.spec.clusterIP}") + path;
  }

  Workload awaitAwake() {
    kubectl("rollout", "status", "deployment/" + name, "--timeout=90s");
    return this;
  }

  /** Waits until the status says asleep, the replicas are 0 and no pod is left. */
  Workload awaitAsleep() {
    await()
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(250))
        .until(() -> state().equals("Asleep") && replicas() == 0 && pods().isEmpty());
    return this;
  }

  /** Waits until the hand-over to the gateway is complete. */
  Workload awaitHandedOver() {
    kubectl("wait", "--for=condition=BehindGateway", "sr/" + name, "--timeout=60s");
    return this;
  }

  /**
   * Waits until a call of the Service is answered: a new Service is refused by its node until
   * kube-proxy has heard of its endpoints, up to a second or more, with Ebb and without.
   */
  Workload awaitReachable() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          try (Callers caller = Callers.once(cluster, 1, Duration.ZERO, url("/"))) {
            return caller.awaitAll(Duration.ofSeconds(30)).getFirst().good();
          }
        });
    return this;
  }

  String state() {
    return kubectl("get", "sr", name, "-o", "jsonpath={.status.state}");
  }

  int replicas() {
    String text = kubectl("get", "deployment", name, "-o", "jsonpath={.spec.replicas}");
    return Integer.parseInt(text);
  }

  /** Returns names and UIDs of its pods that are not on their way out. */
  List<String> pods() {
    String out =
        kubectl(
            "get",
            "pods",
            "-l",
            "app=" + name,
            "-o",
            "jsonpath={range .items[*]}{.metadata.name}/{.metadata.uid}{\"\\n\"}{end}");
    return out.lines().filter(line -> !line.isBlank()).toList();
  }

  /** Returns the reasons of the Events on the ScaledResource. */
  List<String> events() {
    String out =
        kubectl(
            "get",
            "events",
            "--field-selector",
            "involvedObject.kind=ScaledResource,involvedObject.name=" + name,
            "-o",
            "jsonpath={range .items[*]}{.reason}{\"\\n\"}{end}");
    return out.lines().filter(line -> !line.isBlank()).toList();
  }

  /** Returns the selector of the Service, as JSON. */
  String selector() {
    return kubectl("get", "service", name, "-o", "jsonpath={.spec.selector}");
  }

  /** Returns who writes the Service's slices. */
  List<String> sliceWriters() {
    String out =
        kubectl(
            "get",
            "endpointslices",
            "-l",
            "kubernetes.io/service-name=" + name,
            "-o",
            "jsonpath={range .items[*]}{.metadata.labels.endpointslice\\.kubernetes\\.io/managed-by}"
                + "{\"\\n\"}{end}");
    return out.lines().filter(line -> !line.isBlank()).sorted().toList();
  }

  /** Runs kubectl in the workload's namespace. */
  String kubectl(String... words) {
    return tryKubectl(words).orThrow().out();
  }

  Result tryKubectl(String... words) {
    return cluster.kubectlIn(namespace, words);
  }
}
