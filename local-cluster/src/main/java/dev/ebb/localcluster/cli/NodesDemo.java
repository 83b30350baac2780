package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Servers that start one after the other and end, and the pool of nodes under them. */
final class NodesDemo implements Stage.Play<Boolean> {

  static final int STEPS = 5;

  /** The node's address in the cluster's own network, which is nobody else's. */
  static final String ADDRESS = "http://10.88.0.10:" + NodesCloud.PORT;

  private static final int SERVERS = 12;
  private static final int LEFT = 2;
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final Cluster cluster;
  private final Progress progress;
  private final PrintStream out;
  // Each machine that was given up, and how many servers were on it.
  private final List<String> deleted = new CopyOnWriteArrayList<>();
  private final long begin = System.nanoTime();
  private @Nullable Process cloud;
  private volatile boolean up;
  private int waited;
  private String before = "";

  NodesDemo(Cluster cluster, Progress progress, PrintStream out) {
    this.cluster = cluster;
    this.progress = progress;
    this.out = out;
  }

  /** Shows all; what is not as Ebb promises makes it false. */
  @Override
  public Boolean run() {
    try {
      progress.step("a cloud with one machine", this::open);
      progress.step("a NodeBuffer: room for four servers at any time", this::deploy);
      progress.step("twelve servers start, one after the other", this::fill);
      progress.step("all but two end", this::empty);
      progress.step("the pool shrinks", this::shrink);
    } finally {
      close();
    }
    return result();
  }

  private boolean result() {
    boolean live = deleted.stream().anyMatch(machine -> !machine.endsWith(" 0"));
    out.println();
    out.printf(
        Locale.ROOT,
        "%d servers started, %d of them waited for a machine. %d machines were given up, %s.%n",
        SERVERS,
        waited,
        deleted.size(),
        live ? "AND SERVERS WERE ON THEM" : "nobody was on any of them");
    return !live && waited == 0 && !deleted.isEmpty();
  }

  private void open() {
    // Starts KWOK; the nodes are the cloud's.
    cluster.fakeNodes(0);
    List<String> words =
        Stream.concat(
                Stream.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    NodesCloud.class.getName(),
                    cluster.binDir().resolve("kubectl").toString()),
                Stream.of("--kubeconfig", cluster.kubeconfigInside().toString()))
            .toList();
    try {
      Process started =
          new ProcessBuilder(cluster.enterJava(words))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      cloud = started;
      Thread.ofVirtual().start(() -> listen(started));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    await(() -> up);
  }

  private void listen(Process process) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] word = line.split(" ", -1);
        switch (word[0]) {
          case "size" -> tell("the cloud is asked for " + word[2] + " machines");
          case "node" -> {
            up = true;
            tell("machine " + word[1] + " is up");
          }
          default -> {
            deleted.add(word[1] + " " + word[2]);
            tell("machine " + word[1] + " is given up; servers on it: " + word[2]);
          }
        }
      }
    } catch (IOException ended) {
      // With the demo.
    }
  }

  private void tell(String what) {
    out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begin) / 1e9, what);
  }

  private void deploy() {
    if (!cluster.kubectl("get", "namespace", Demo.NAMESPACE).ok()) {
      cluster.kubectl("create", "namespace", Demo.NAMESPACE).orThrow();
    }
    apply(
        """
        apiVersion: ebb.dev/v1alpha1
        kind: NodeBuffer
        metadata: {name: arena}
        spec:
          pool:
            provider: digitalocean
            settings: {cluster: games, pool: arena}
            nodeSelector: role=arena
            minNodes: 1
            maxNodes: 9
          servers:
            selector: app=arena
            tolerations: [{key: kwok.x-k8s.io/node, operator: Exists}]
          slot: {resources: {cpu: "1"}}
          free: {slots: 4}
          scaleDown: {unneededFor: 8s, delayAfterAdd: 8s, hysteresisNodes: 0, percentAtOnce: 100}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: arena}
        spec:
          replicas: 0
          selector: {matchLabels: {app: arena}}
          template:
            metadata: {labels: {app: arena}}
            spec:
              terminationGracePeriodSeconds: 1
              nodeSelector: {role: arena}
              tolerations: [{key: kwok.x-k8s.io/node, operator: Exists}]
              affinity:
                podAffinity:
                  preferredDuringSchedulingIgnoredDuringExecution:
                    - weight: 100
                      podAffinityTerm:
                        topologyKey: kubernetes.io/hostname
                        labelSelector: {matchLabels: {app: arena}}
              containers:
                - name: server
                  image: none
                  resources: {requests: {cpu: "1"}}
        """);
    await(() -> status("{.status.conditions[?(@.type==\"Ready\")].status}").equals("True"));
  }

  private void apply(String manifests) {
    try {
      Path file = Files.createTempFile("nodes-demo", ".yaml");
      Files.writeString(file, manifests);
      kubectl("apply", "--server-side", "--force-conflicts", "-f", file.toString());
      Files.delete(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void fill() {
    for (int servers = 1; servers <= SERVERS; servers++) {
      int wanted = servers;
      long asked = System.nanoTime();
      kubectl("scale", "deployment/arena", "--replicas=" + servers);
      await(() -> running() >= wanted);
      // To be bound and said to run takes KWOK less than a second; a machine boots for three.
      waited += System.nanoTime() - asked > Duration.ofMillis(2500).toNanos() ? 1 : 0;
      look(wanted + " servers");
    }
  }

  private int running() {
    return kubectl("get", "deployment", "arena", "-o", "jsonpath={.status.readyReplicas}").isBlank()
        ? 0
        : Integer.parseInt(
            kubectl("get", "deployment", "arena", "-o", "jsonpath={.status.readyReplicas}")
                .strip());
  }

  private void empty() {
    kubectl("scale", "deployment/arena", "--replicas=" + LEFT);
    await(() -> running() == LEFT);
    look(LEFT + " servers are left");
  }

  private void shrink() {
    await(() -> {
      look("");
      return !deleted.isEmpty()
          && status("{.status.draining}").equals("0")
          && status("{.status.nodes}").equals(status("{.status.size}"));
    });
  }

  /** Notes the buffer's numbers when they are others. */
  private void look(String what) {
    String now =
        "nodes %s, draining %s, free %s of %s"
            .formatted(
                status("{.status.nodes}"),
                status("{.status.draining}"),
                status("{.status.free}"),
                status("{.status.desired}"));
    if (!now.equals(before) || !what.isEmpty()) {
      before = now;
      tell(what.isEmpty() ? now : what + ": " + now);
    }
  }

  private String status(String path) {
    return kubectl("get", "nodebuffer", "arena", "-o", "jsonpath=" + path).strip();
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(Demo.NAMESPACE, words).orThrow().out();
  }

  private static void await(BooleanSupplier condition) {
    if (!Waiting.until(condition, LONGEST, 200)) {
      throw new ClusterException(
          "it did not come to be within "
              + LONGEST.toSeconds()
              + " s; kubectl get nbuf -A -o wide says why");
    }
  }

  private void close() {
    Process running = cloud;
    if (running != null) {
      running.destroy();
    }
  }

  @Override
  public void remove() {
    close();
    cluster.kubectl("delete", "namespace", Demo.NAMESPACE, "--ignore-not-found", "--timeout=2m");
    List<String> nodes = new ArrayList<>(List.of("delete", "node", "-l", "role=arena"));
    cluster.kubectl(nodes.toArray(String[]::new));
  }
}
