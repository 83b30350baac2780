package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.Waiting;
import dev.ebb.localcluster.cli.Timeline.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One cold request to a sleeping workload, watched from asleep to asleep. */
final class Demo implements Stage.Play<Demo.Outcome> {

  static final String NAMESPACE = "ebb-demo";
  static final int STEPS = 4;

  private static final String NAME = "hello";
  private static final String SELECTOR = "app.kubernetes.io/name=hello";
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(4);

  private final Repository repository;
  private final Cluster cluster;
  private final Progress progress;
  private final Timeline timeline = new Timeline();

  Demo(Repository repository, Cluster cluster, Progress progress) {
    this.repository = repository;
    this.cluster = cluster;
    this.progress = progress;
  }

  /**
   * What a demonstration showed.
   *
   * @param status the answer's HTTP status
   * @param body the answer
   * @param timeline what happened when
   */
  record Outcome(int status, String body, Timeline timeline) {

    /** Why this is not what Ebb promises; empty if it is. */
    String flaw() {
      if (status != 200) {
        return "the answer was " + status + ": " + body.strip();
      }
      if (!timeline.replicas().equals(List.of(0, 1, 0))) {
        return "replicas went " + timeline.replicas() + ", not 0 → 1 → 0";
      }
      return timeline.pod().isEmpty() || !body.contains(timeline.pod())
          ? "the answer did not come from the woken pod " + timeline.pod() + ": " + body.strip()
          : "";
    }
  }

  /** Deploys the sample, waits until it sleeps, wakes it by a request, waits until it sleeps. */
  @Override
  public Outcome run() {
    progress.step("sample in namespace " + NAMESPACE, this::deploy);
    progress.step(
        "waiting until the sample sleeps (nobody calls it for 20 s)", () -> await(this::asleep));
    List<String> where = List.of("-n", NAMESPACE);
    List<String> deployment = new ArrayList<>(List.of("deployment", NAME));
    deployment.addAll(where);
    List<String> pods = new ArrayList<>(List.of("pods", "-l", SELECTOR));
    pods.addAll(where);
    try (Watch first = Watch.start(cluster, deployment, timeline::deployment);
        Watch second = Watch.start(cluster, pods, timeline::pod)) {
      await(() -> !timeline.replicas().isEmpty());
      JsonNode answer = progress.step("one request to http://hello.ebb-demo", this::request);
      progress.step(
          "waiting until it sleeps again",
          () -> await(() -> timeline.at(Phase.ASLEEP).isPresent() && asleep()));
      return new Outcome(answer.path("status").asInt(), answer.path("body").asString(""), timeline);
    }
  }

  /** Removes the sample. */
  @Override
  public void remove() {
    cluster.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=2m");
  }

  private void deploy() {
    if (!cluster.kubectl("get", "namespace", NAMESPACE).ok()) {
      cluster.kubectl("create", "namespace", NAMESPACE).orThrow();
    }
    cluster
        .kubectl(
            "apply",
            "--server-side",
            "--force-conflicts",
            "-n",
            NAMESPACE,
            "-f",
            repository.sample().toString())
        .orThrow();
    // A changed image under the same tag rolls its pods
    cluster
        .kubectl(
            "patch",
            "deployment",
            NAME,
            "-n",
            NAMESPACE,
            "-p",
            "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"ebb.dev/image-id\":\""
                + repository.id(Repository.Image.SAMPLE)
                + "\"}}}}}")
        .orThrow();
  }

  private boolean asleep() {
    String replicas =
        cluster
            .kubectl("get", "deployment", NAME, "-n", NAMESPACE, "-o", "jsonpath={.spec.replicas}")
            .orThrow()
            .out();
    String pods =
        cluster
            .kubectl("get", "pods", "-n", NAMESPACE, "-l", SELECTOR, "-o", "name")
            .orThrow()
            .out();
    return replicas.equals("0") && pods.isBlank();
  }

  private JsonNode request() {
    JsonNode answer = get(cluster, "http://" + NAME + "." + NAMESPACE + ".svc.cluster.local/");
    timeline.mark(Phase.SENT, answer.path("sent").asLong());
    timeline.mark(Phase.FIRST_BYTE, answer.path("firstByte").asLong());
    timeline.mark(Phase.ANSWERED, answer.path("end").asLong());
    return answer;
  }

  /** Sends a request from within the cluster's network. */
  static JsonNode get(Cluster cluster, String url) {
    List<String> command = new ArrayList<>(cluster.enterCommand());
    command.add(cluster.binDir().resolve("node").toString());
    command.addAll(List.of("get", url));
    try {
      Process process = new ProcessBuilder(command).start();
      String error;
      String line;
      try (InputStream out = process.getInputStream();
          InputStream err = process.getErrorStream()) {
        line = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        error = new String(err.readAllBytes(), StandardCharsets.UTF_8);
      }
      if (process.waitFor() != 0) {
        throw new ClusterException("the request failed: " + error.strip());
      }
      return new JsonMapper().readTree(line);
    } catch (IOException failed) {
      throw new ClusterException("the request cannot be sent: " + failed.getMessage(), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", interrupted);
    }
  }

  /** Waits, but not for ever. */
  static void await(BooleanSupplier condition) {
    if (!Waiting.until(condition, LONGEST_SLEEP, 250)) {
      throw new ClusterException(
          "that did not happen within " + LONGEST_SLEEP.toMinutes() + " minutes");
    }
  }
}
