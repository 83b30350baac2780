package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Windows a minute apart move an HPA and a ScaledResource, watched from before to after. */
final class TimeDemo implements Stage.Play<TimeDemo.Outcome> {

  static final String NAMESPACE = "ebb-demo-time";
  static final int STEPS = 4;

  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Repository repository;
  private final Cluster cluster;
  private final Progress progress;
  private final List<Change> changes = new CopyOnWriteArrayList<>();
  private final Map<String, String> last = new ConcurrentHashMap<>();

  TimeDemo(Repository repository, Cluster cluster, Progress progress) {
    this.repository = repository;
    this.cluster = cluster;
    this.progress = progress;
  }

  /**
   * Something that was seen.
   *
   * @param what which object and field, as in {@code HPA shop, minimum}
   * @param from what it was; empty when it was seen for the first time
   */
  record Change(Instant at, String what, String from, String to) {}

  /**
   * What a demonstration showed.
   *
   * @param boundaries when what was due
   */
  record Outcome(List<Change> changes, List<Boundary> boundaries) {

    /** Why this is not what Ebb promises; empty if it is. */
    String flaw() {
      List<String> missed = new ArrayList<>();
      for (Boundary boundary : boundaries) {
        if (boundary.late(changes) == null) {
          missed.add(
              "%s was not %s after %s".formatted(boundary.what(), boundary.to(), boundary.at()));
        }
      }
      return String.join("; ", missed);
    }
  }

  /** Something that is due. */
  record Boundary(Instant at, String what, String to) {

    /** How much later it was seen; null for never, or too early. */
    @Nullable Duration late(List<Change> changes) {
      return changes.stream()
          .filter(change -> change.what().equals(what) && change.to().equals(to))
          .filter(change -> !change.from().isEmpty() && !change.at().isBefore(at))
          .map(change -> Duration.between(at, change.at()))
          .findFirst()
          .filter(late -> late.compareTo(Duration.ofSeconds(30)) < 0)
          .orElse(null);
    }
  }

  /** Deploys the samples, plans a rush and a warm-up, and watches them come and go. */
  @Override
  public Outcome run() {
    progress.step("samples in namespace " + NAMESPACE, this::deploy);
    progress.step(
        "waiting until hello sleeps (nobody calls it for 20 s)", () -> await(this::asleep));
    try (Watch hpas = watch("hpa", "shop", this::hpa);
        Watch resources = watch("scaledresource", "hello", this::resource);
        Watch shop = watch("deployment", "shop", (json, at) -> replicas("shop", json, at));
        Watch hello = watch("deployment", "hello", (json, at) -> replicas("hello", json, at))) {
      await(() -> last.size() == 4);
      Instant rush = Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.SECONDS);
      Instant warm = rush.plusSeconds(60);
      Instant rushEnds = rush.plusSeconds(120);
      Instant warmEnds = rush.plusSeconds(180);
      List<Boundary> boundaries =
          List.of(
              new Boundary(rush, "HPA shop, minimum", "3"),
              new Boundary(warm, "ScaledResource hello, minimum", "1"),
              new Boundary(rushEnds, "HPA shop, minimum", "1"),
              new Boundary(warmEnds, "ScaledResource hello, minimum", "0"));
      progress.step("schedules: a rush for shop, a warm-up for hello", () -> plan(rush, warm));
      progress.step(
          "the clock (three minutes)",
          () ->
              await(() ->
                  new Outcome(changes, boundaries).flaw().isEmpty() && asleep()
                      || Instant.now().isAfter(warmEnds.plusSeconds(90))));
      return new Outcome(List.copyOf(changes), boundaries);
    }
  }

  private Watch watch(String kind, String name, ObjLongConsumer<JsonNode> receiver) {
    return Watch.start(cluster, List.of(kind, name, "-n", NAMESPACE), receiver);
  }

  private void hpa(JsonNode event, long micros) {
    JsonNode spec = event.path("object").path("spec");
    seen("HPA shop, minimum", spec.path("minReplicas").asInt(1), micros);
  }

  private void resource(JsonNode event, long micros) {
    JsonNode replicas = event.path("object").path("spec").path("replicas");
    seen("ScaledResource hello, minimum", replicas.path("min").asInt(0), micros);
  }

  private void replicas(String name, JsonNode event, long micros) {
    JsonNode spec = event.path("object").path("spec");
    seen(name + ", replicas", spec.path("replicas").asInt(1), micros);
  }

  private void seen(String what, int count, long micros) {
    String now = String.valueOf(count);
    String before = last.put(what, now);
    if (!now.equals(before)) {
      Instant at = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      changes.add(new Change(at, what, before == null ? "" : before, now));
    }
  }

  /** Removes the samples; their schedules go with them. */
  @Override
  public void remove() {
    cluster.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=2m");
  }

  private void deploy() {
    if (!cluster.kubectl("get", "namespace", NAMESPACE).ok()) {
      cluster.kubectl("create", "namespace", NAMESPACE).orThrow();
    }
    apply(repository.sample());
    apply(repository.root().resolve("samples/clock/k8s.yaml"));
    await(() -> cluster.kubectl("get", "sr", "hello", "-n", NAMESPACE).ok());
  }

  private void apply(Path file) {
    cluster
        .kubectl(
            "apply", "--server-side", "--force-conflicts", "-n", NAMESPACE, "-f", file.toString())
        .orThrow();
  }

  private void plan(Instant rush, Instant warm) {
    String both =
        schedule("shop", "autoscaling/v2, kind: HorizontalPodAutoscaler", "rush", rush, 3)
            + "---\n"
            + schedule("hello", "ebb.dev/v1alpha1, kind: ScaledResource", "warm", warm, 1);
    try {
      Path file = Files.createTempFile("ebb-demo-time", ".yaml");
      try {
        apply(Files.writeString(file, both));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException failed) {
      throw new ClusterException("schedules cannot be written: " + failed.getMessage(), failed);
    }
  }

  private static String schedule(String name, String kind, String window, Instant from, int min) {
    return """
    apiVersion: ebb.dev/v1alpha1
    kind: ScalingSchedule
    metadata: {name: %s}
    spec:
      targetRef: {apiVersion: %s, name: %s}
      windows:
        - {name: %s, once: {from: "%s", to: "%s"}, set: {minReplicas: %d}}
    """
        .formatted(name, kind, name, window, from, from.plusSeconds(120), min);
  }

  private boolean asleep() {
    return cluster
        .kubectl("get", "deployment", "hello", "-n", NAMESPACE, "-o", "jsonpath={.spec.replicas}")
        .orThrow()
        .out()
        .equals("0");
  }

  private static void await(BooleanSupplier condition) {
    if (!Waiting.until(condition, LONGEST, 250)) {
      throw new ClusterException("that did not happen within " + LONGEST.toMinutes() + " minutes");
    }
  }
}
