package dev.ebb.benchmarks.wake;

import dev.ebb.benchmarks.lab.AuditEvent;
import dev.ebb.benchmarks.lab.AuditLog;
import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.lab.Caller;
import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.cli.Suite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./ebb bench wake}: from a request to a sleeping workload to the first byte, by phase. */
@Command(
    name = "wake",
    header = "From a request to a sleeping workload to its first byte, by phase.",
    description = {
      "Calls a sleeping workload many times; before each call replicas are 0 and there is no pod.",
      "The request's time is the client's, taken before it writes; that of the PATCH and of the pod",
      "are the API server's (audit log); the app says itself when it accepted its first connection."
    })
public final class WakeCommand extends BenchmarkCommand {

  private static final String NAME = "hello";
  private static final JsonMapper JSON = new JsonMapper();

  /** Sleeping is not what is measured: it happens as soon as it may. */
  private static final List<String> VALUES = List.of("--set", "autoscaler.settings.settle=1s");

  @Option(
      names = "--wakes",
      defaultValue = "50",
      description = "How many, without the gateways' first ones (${DEFAULT-VALUE}).")
  private int wakes;

  @Option(
      names = "--restarts",
      defaultValue = "2",
      description = "How often the gateways are restarted meanwhile (${DEFAULT-VALUE}).")
  private int restarts;

  /** Made by picocli. */
  public WakeCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    try (Lab lab = Lab.start(progress, VALUES);
        Caller caller = Caller.in(lab.cluster())) {
      AuditLog audit =
          new AuditLog(
              lab.cluster()
                  .auditLog()
                  .orElseThrow(() -> new ClusterException("the cluster has no audit log")));
      String url = progress.step("a workload", () -> deploy(lab, caller));
      Wakes all = new Wakes();
      for (int generation = 0; generation <= restarts; generation++) {
        if (generation > 0) {
          progress.step("restart of the gateways", () -> restart(lab));
        }
        int until = wakes * (generation + 1) / (restarts + 1);
        progress.step(
            "wakes " + all.warm() + " to " + until,
            () -> {
              while (all.warm() < until) {
                all.add(wake(lab, caller, audit, url));
              }
            });
      }
      return all.figures();
    }
  }

  private static String deploy(Lab lab, Caller caller) {
    lab.apply(
        "workload.yaml",
        List.of("@NAME@", NAME, "@IDLE@", "1s", "@MEMORY@", "128Mi", "@DELAY@", "0"));
    lab.kubectl(Lab.NAMESPACE, "rollout", "status", "deployment/" + NAME, "--timeout=90s");
    // The client learns its own work on the pod itself, so that it does not teach the gateway
    String pod =
        lab.kubectl(Lab.NAMESPACE, "get", "pods", "-o", "jsonpath={.items[0].status.podIP}");
    for (int i = 0; i < 200; i++) {
      caller.ask("get", "http://" + pod + ":8080/");
    }
    return "http://"
        + lab.kubectl(Lab.NAMESPACE, "get", "service", NAME, "-o", "jsonpath={.spec.clusterIP}")
        + "/";
  }

  private static void restart(Lab lab) {
    String deployment = "deployment/ebb-dlx-gateway";
    lab.kubectl(Suite.NAMESPACE, "rollout", "restart", deployment);
    lab.kubectl(Suite.NAMESPACE, "rollout", "status", deployment, "--timeout=4m");
  }

  private static Wake wake(Lab lab, Caller caller, AuditLog audit, String url) {
    Lab.await("sleep", Duration.ofMinutes(3), lab::asleep);
    // What sleeping itself set off comes to rest
    Lab.pause(Duration.ofMillis(700));
    if (!lab.asleep()) {
      throw new ClusterException("somebody woke the workload before the request");
    }
    Lab.pause(Duration.ofMillis(200));
    audit.news();
    JsonNode answer = caller.ask("get", url);
    if (answer.path("status").asInt() != 200) {
      throw new ClusterException("a request was answered " + answer);
    }
    List<AuditEvent> events = new ArrayList<>(audit.news());
    return Wake.of(Lab.NAMESPACE, answer, JSON.readTree(answer.path("body").asString()), events);
  }
}
