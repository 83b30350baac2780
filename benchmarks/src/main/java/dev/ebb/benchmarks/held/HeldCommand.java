package dev.ebb.benchmarks.held;

import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.lab.Caller;
import dev.ebb.benchmarks.lab.JavaProcess;
import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.cli.Suite;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ./ebb bench held}: what a held request costs, and that none is lost. */
@Command(
    name = "held",
    header = "What a held HTTP/1.1 request costs the gateway, and whether all are answered.",
    description = {
      "One gateway in its shipped image holds many GETs, each on a connection of its own, for a",
      "workload that takes long to start. Working set and live heap, held against those of the idle",
      "gateway; then all must be answered with 200."
    })
public final class HeldCommand extends BenchmarkCommand {

  private static final String NAME = "hello";
  private static final String GATEWAY = "app.kubernetes.io/name=dlx-gateway";
  private static final int WARM_UP = 500;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static final List<String> VALUES =
      List.of("--set", "autoscaler.settings.settle=1s", "--set", "dlx-gateway.replicaCount=1");

  @Option(
      names = "--requests",
      defaultValue = "10000",
      description = "How many are held (${DEFAULT-VALUE}; a process may open 20000 files).")
  private int requests;

  @Option(
      names = "--start",
      defaultValue = "60",
      description = "How many seconds the workload takes to start (${DEFAULT-VALUE}).")
  private int startSeconds;

  /** Made by picocli. */
  public HeldCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    try (Lab lab = Lab.start(progress, VALUES);
        Caller caller = Caller.in(lab.cluster())) {
      String url = progress.step("a workload", () -> deploy(lab));
      progress.step("warm-up: " + WARM_UP + " held requests", () -> warmUp(lab, caller, url));
      JavaProcess gateway = gateway(lab);
      long idleWorkingSet = gateway.cgroup().workingSet();
      long idleHeap = gateway.liveHeap();

      caller.tell("hold", Integer.toString(requests), url);
      progress.step(requests + " requests are sent", caller::hear);
      progress.step(
          "the gateway holds them",
          () -> Lab.await("holding", Duration.ofSeconds(20), () -> held(lab) == requests));
      long workingSet = gateway.cgroup().workingSet();
      long heap = gateway.liveHeap();
      boolean stillHeld = held(lab) == requests;
      JsonNode end = progress.step("all are answered", caller::hear);
      if (!stillHeld) {
        throw new ClusterException("the workload started too soon: raise --start");
      }
      if (end.path("ok").asInt() != requests) {
        progress.say("The first that was not answered with 200: " + end.path("why").asString());
      }
      return List.of(
          Figure.told("held at the same time", requests, "requests"),
          Figure.told("gateway idle: working set", idleWorkingSet / 1048576.0, "MiB"),
          Figure.told("gateway holding: working set", workingSet / 1048576.0, "MiB"),
          Figure.told("working set each", (workingSet - idleWorkingSet) / 1024.0 / requests, "KiB"),
          new Figure(
              "live heap each", (heap - idleHeap) / 1024.0 / requests, "KiB", Bound.atMost(8, 4)),
          new Figure("lost", requests - end.path("ok").asInt(), "requests", Bound.atMost(0, 0)));
    }
  }

  private String deploy(Lab lab) {
    lab.apply(
        "workload.yaml",
        List.of("@NAME@", NAME, "@IDLE@", "1s", "@MEMORY@", "768Mi", "@DELAY@", "0"));
    lab.kubectl(
        Lab.NAMESPACE,
        "patch",
        "sr",
        NAME,
        "--type=merge",
        "-p",
        "{\"spec\":{\"limits\":{\"held\":20000}}}");
    Lab.await("sleep", LIMIT, lab::asleep);
    startsIn(lab, Duration.ofSeconds(5));
    return "http://"
        + lab.kubectl(Lab.NAMESPACE, "get", "service", NAME, "-o", "jsonpath={.spec.clusterIP}")
        + "/";
  }

  /** What the gateway loads and keeps once, it has after this. */
  private void warmUp(Lab lab, Caller caller, String url) {
    caller.tell("hold", Integer.toString(WARM_UP), url);
    caller.hear();
    JsonNode end = caller.hear();
    if (end.path("ok").asInt() != WARM_UP) {
      throw new ClusterException("the warm-up was answered " + end);
    }
    Lab.await("sleep", LIMIT, lab::asleep);
    startsIn(lab, Duration.ofSeconds(startSeconds));
    Lab.pause(Duration.ofSeconds(5));
  }

  private static void startsIn(Lab lab, Duration delay) {
    lab.kubectl(
        Lab.NAMESPACE, "set", "env", "deployment/" + NAME, "START_DELAY_MS=" + delay.toMillis());
  }

  private static JavaProcess gateway(Lab lab) {
    String uid =
        lab.kubectl(
            Suite.NAMESPACE,
            "get",
            "pods",
            "-l",
            GATEWAY,
            "-o",
            "jsonpath={.items[0].metadata.uid}");
    return JavaProcess.in(uid)
        .orElseThrow(() -> new ClusterException("no gateway process on this machine"));
  }

  /** How many requests the gateway itself says that it holds. */
  private static int held(Lab lab) {
    String metrics =
        lab.kubectl(
            Suite.NAMESPACE,
            "get",
            "--raw",
            "/api/v1/namespaces/"
                + Suite.NAMESPACE
                + "/services/https:ebb-dlx-gateway:admin/proxy/actuator/prometheus");
    return metrics
        .lines()
        .filter(line -> line.startsWith("ebb_gateway_held_requests"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
