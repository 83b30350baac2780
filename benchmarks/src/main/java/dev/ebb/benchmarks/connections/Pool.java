package dev.ebb.benchmarks.connections;

import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.localcluster.cli.Repository;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * The StatefulSet and the eight Services of {@code samples/service-pool}.
 *
 * @param lab where they are
 */
record Pool(Lab lab) {

  private static final String POD = "statefulset.kubernetes.io/pod-name";
  private static final String NAME = "statefulset/cache";
  private static final int SERVICES = 8;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Makes them, and waits until the Services are shared out. */
  static Pool make(Lab lab) {
    Path sample = Repository.own().root().resolve("samples/service-pool/k8s.yaml");
    lab.kubectl(Lab.NAMESPACE, "apply", "-f", sample.toString());
    Pool pool = new Pool(lab);
    pool.awaitShared(3);
    return pool;
  }

  /** The URL of each Service. */
  Map<String, URI> addresses() {
    return services().stream()
        .collect(
            Collectors.toMap(
                s -> s.at("/metadata/name").asString(),
                s -> URI.create("http://" + s.at("/spec/clusterIP").asString() + "/"),
                (a, b) -> b,
                TreeMap::new));
  }

  private List<JsonNode> services() {
    return StreamSupport.stream(
            lab.get(Lab.NAMESPACE, "services").path("items").spliterator(), false)
        .filter(s -> s.at("/metadata/name").asString("").startsWith("svc-"))
        .toList();
  }

  /** Changes the number of pods, and waits until the Services are shared out among them. */
  void scale(int replicas) {
    kubectl("scale", NAME, "--replicas=" + replicas);
    awaitShared(replicas);
    Lab.await("the end of the others", LIMIT, () -> pods() == replicas);
  }

  /** Replaces all pods, one after the other. */
  void roll() {
    kubectl("rollout", "restart", NAME);
    kubectl("rollout", "status", NAME, "--timeout=120s");
    awaitShared(pods());
  }

  /** Takes the preStop away; replaces all pods for that. */
  void withoutPreStop() {
    kubectl(
        "patch",
        NAME,
        "--type=json",
        "-p",
        "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/0/lifecycle\"}]");
    kubectl("rollout", "status", NAME, "--timeout=120s");
    awaitShared(pods());
  }

  /** Kills one pod's processes, and waits until it is back. */
  void kill(int ordinal) {
    String pod = "cache-" + ordinal;
    int before = restarts(pod);
    lab.cluster().killPod(Lab.NAMESPACE, pod);
    Lab.await("the restart of " + pod, LIMIT, () -> restarts(pod) > before);
    kubectl("wait", "--for=condition=Ready", "pod/" + pod, "--timeout=90s");
    awaitShared(pods());
  }

  private int restarts(String pod) {
    return lab.get(Lab.NAMESPACE, "pod", pod)
        .at("/status/containerStatuses/0/restartCount")
        .asInt(0);
  }

  private int pods() {
    return lab.get(Lab.NAMESPACE, "pods").path("items").size();
  }

  private void awaitShared(int pods) {
    Lab.await("eight Services, shared out among " + pods + " pods", LIMIT, () -> shared(pods));
  }

  private boolean shared(int pods) {
    Map<String, Long> counts =
        services().stream()
            .map(s -> s.at("/spec/selector").path(POD).asString(""))
            .collect(Collectors.groupingBy(pod -> pod, Collectors.counting()));
    return counts.size() == pods
        && !counts.containsKey("")
        && counts.values().stream().mapToLong(n -> n).sum() == SERVICES
        && counts.values().stream().allMatch(n -> n == SERVICES / pods || n == SERVICES / pods + 1);
  }

  private void kubectl(String... words) {
    lab.kubectl(Lab.NAMESPACE, words);
  }
}
