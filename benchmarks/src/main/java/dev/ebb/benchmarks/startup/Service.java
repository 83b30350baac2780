package dev.ebb.benchmarks.startup;

import dev.ebb.benchmarks.lab.Caller;
import dev.ebb.benchmarks.lab.JavaProcess;
import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.cli.Suite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One service of the suite, with one replica.
 *
 * @param lab where it runs
 * @param name its name, as in {@code autoscaler}
 */
record Service(Lab lab, String name) {

  private static final double GATEWAY_GATE = 192;
  private static final double GATE = 176;
  private static final double GOAL = 128;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** All services that the release installed. */
  static List<Service> all(Lab lab) {
    List<Service> services = new ArrayList<>();
    JsonNode deployments = lab.get(Suite.NAMESPACE, "deployments").path("items");
    for (JsonNode deployment : deployments) {
      String name = deployment.path("metadata").path("name").asString("");
      services.add(new Service(lab, name.substring(Suite.RELEASE.length() + 1)));
    }
    return services;
  }

  /** Ends the pod, starts another, and returns the microseconds from its process to readiness. */
  long start(Caller caller) {
    scale(0);
    kubectl("delete", "pods", "-l", selector(), "--force", "--grace-period=0", "--wait=true");
    Lab.await("the end of " + name, LIMIT, () -> pods().isEmpty());
    // What the end set off comes to rest
    Lab.pause(Duration.ofSeconds(2));
    scale(1);
    Lab.await("a pod of " + name, LIMIT, () -> pods().size() == 1);
    JsonNode pod = pods().get(0);
    String podName = pod.path("metadata").path("name").asString("");
    kubectl("wait", "pod/" + podName, "--for=jsonpath={.status.podIP}", "--timeout=60s");
    String ip = kubectl("get", "pod", podName, "-o", "jsonpath={.status.podIP}");
    JsonNode answer =
        caller.ask("ready", "60", "https://" + ip + ":8081/actuator/health/readiness");
    long ready = answer.path("ready").asLong();
    if (ready == 0) {
      throw new ClusterException(name + " was not ready within 60 s: " + answer);
    }
    return ready - process().started();
  }

  private void scale(int replicas) {
    kubectl("scale", "deployment/" + Suite.RELEASE + "-" + name, "--replicas=" + replicas);
  }

  /** The JVM of the one pod. */
  JavaProcess process() {
    String uid = pods().path(0).path("metadata").path("uid").asString("none");
    return JavaProcess.in(uid)
        .orElseThrow(() -> new ClusterException("no process of " + name + " on this machine"));
  }

  /** The working set as the kubelet tells it now. */
  Figure workingSet() {
    String pod = pods().path(0).path("metadata").path("name").asString("");
    String summary = kubectl("get", "--raw", "/api/v1/nodes/ebb-node/proxy/stats/summary");
    double bytes = workingSet(new JsonMapper().readTree(summary), pod);
    double gate = name.equals("dlx-gateway") ? GATEWAY_GATE : GATE;
    return new Figure(
        name + ": working set after 60 s", bytes / (1 << 20), "MiB", Bound.atMost(gate, GOAL));
  }

  /** Finds a pod's only container in the kubelet's summary. */
  static double workingSet(JsonNode summary, String pod) {
    for (JsonNode entry : summary.path("pods")) {
      if (entry.path("podRef").path("name").asString("").equals(pod)) {
        return entry
            .path("containers")
            .path(0)
            .path("memory")
            .path("workingSetBytes")
            .asDouble(Double.NaN);
      }
    }
    return Double.NaN;
  }

  private JsonNode pods() {
    return lab.get(Suite.NAMESPACE, "pods", "-l", selector()).path("items");
  }

  private String selector() {
    return "app.kubernetes.io/name=" + name;
  }

  private String kubectl(String... words) {
    return lab.kubectl(Suite.NAMESPACE, words);
  }
}
