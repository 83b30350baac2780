package dev.ebb.system;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Clusters;
import dev.ebb.localcluster.Options;
import dev.ebb.localcluster.http.RawHttp;
import dev.ebb.testkit.soak.Soak;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A cluster with the suite as shipped, and workloads that sleep after seconds. Close it. */
final class SoakTown implements AutoCloseable {

  /** How long one round's callers roam. */
  static final Duration ROUND = Duration.ofSeconds(60);

  private static final String NAMESPACE = "ebb-soak";
  private static final int WORKLOADS = 6;
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final Ebb ebb;
  private final List<Workload> workloads;
  private final List<String> places;
  private Outcomes all = Outcomes.NONE;

  private SoakTown(Cluster cluster) {
    this.cluster = cluster;
    this.ebb = Ebb.built(cluster);
    cluster.kubectl("create", "namespace", NAMESPACE).orThrow();
    this.workloads =
        IntStream.range(0, WORKLOADS)
            .mapToObj(
                i -> Workload.create(cluster, NAMESPACE, "soak-" + i, (1 + i % 4) + "s", 1, 0))
            .toList();
    String patience = "{\"spec\":{\"wakeTimeout\":\"" + DEADLINE.toSeconds() + "s\"}}";
    for (Workload workload : workloads) {
      workload.kubectl("patch", "sr", workload.name(), "--type=merge", "-p", patience);
      workload.awaitHandedOver().awaitReachable();
    }
    this.places = workloads.stream().map(w -> w.name() + "=" + w.url("/")).toList();
  }

  /** Starts a cluster, builds and installs the suite, and creates the workloads. */
  static SoakTown start() {
    Cluster cluster = Clusters.start(Options.owned());
    try {
      return new SoakTown(cluster);
    } catch (RuntimeException | Error failed) {
      cluster.stop();
      throw failed;
    }
  }

  Cluster cluster() {
    return cluster;
  }

  Ebb ebb() {
    return ebb;
  }

  /** Whether every workload comes to rest: what went wrong before has left nothing behind. */
  void awaitAllAsleep() {
    workloads.forEach(Workload::awaitAsleep);
  }

  /** Lets callers roam for a round; something else may be done meanwhile. */
  Outcomes roam(long seed, int callers, int longestBurst, boolean keepAlive, Meanwhile meanwhile)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(placeOf(Roam.class) + File.pathSeparator + placeOf(RawHttp.class));
    command.add(Roam.class.getName());
    for (long number : new long[] {seed, ROUND.toSeconds(), callers, DEADLINE.toMillis()}) {
      command.add(Long.toString(number));
    }
    command.addAll(List.of(Integer.toString(longestBurst), "15000", Boolean.toString(keepAlive)));
    command.addAll(places);
    Process process =
        new ProcessBuilder(cluster.enterJava(command))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      meanwhile.go(process);
      Outcomes outcomes = Outcomes.parse(out.lines().toList());
      all = all.plus(outcomes);
      System.out.println("seed " + seed + ": " + outcomes);
      System.out.println("all " + all.requests() + " so far: " + all);
      return outcomes;
    } finally {
      process.destroy();
    }
  }

  /** What is done while callers roam. */
  @FunctionalInterface
  interface Meanwhile {
    /** Returns when the callers have ended, or before. */
    void go(Process callers) throws InterruptedException;
  }

  /** Waits until the suite is whole again. */
  void awaitWhole() {
    for (String service : List.of("dlx-gateway", "autoscaler")) {
      ebb.kubectl("rollout", "status", "deployment/ebb-" + service, "--timeout=180s");
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> ebb.gateways().size() == 2);
  }

  private static Path placeOf(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /** Plays a soak's rounds in a town of its own; the process's exit code. */
  static int play(String[] words, Play play) throws InterruptedException {
    Soak soak = Soak.ofProcess(words);
    try (SoakTown town = start()) {
      return soak.play(1, seed -> play.round(town, seed));
    }
  }

  /** A round in the town. */
  @FunctionalInterface
  interface Play {
    void round(SoakTown town, long seed) throws Exception;
  }

  @Override
  public void close() {
    cluster.stop();
  }
}
