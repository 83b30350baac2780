package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Clusters;
import dev.ebb.localcluster.Environment;
import dev.ebb.localcluster.Options;
import dev.ebb.localcluster.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./ebb demo}: everything from nothing, and one request that wakes a workload. */
@Command(
    name = "demo",
    subcommands = TimeDemoCommand.class,
    header = "Everything from nothing, and one request that wakes a workload.",
    description = {
      "Starts a cluster (or uses the one that is up), installs Ebb and a sample, waits until the",
      "sample sleeps, wakes it by one request and shows what happened when. Exit code 0 only if",
      "replicas went 0 → 1 → 0 and the woken pod answered 200."
    })
final class DemoCommand implements Callable<Integer> {

  @Option(names = "--keep", description = "Leaves everything running afterwards.")
  private boolean keep;

  @Option(names = "--json", description = "Prints the result as one JSON object, last line.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Override
  public Integer call() {
    long begin = System.nanoTime();
    if (Environment.system().kubeconfig().isPresent()) {
      throw new ClusterException(
          "The demo brings its own images and cluster: unset EBB_KUBECONFIG for it.");
    }
    Repository repository = Repository.own();
    Progress progress = Terminal.progress();
    progress.expect(Suite.STEPS + Demo.STEPS);
    Optional<Cluster> running = Clusters.find(ClusterName.usual());
    Cluster cluster = running.orElseGet(() -> start(progress));
    Suite suite = new Suite(repository, cluster, progress);
    Demo demo = new Demo(repository, cluster, progress);
    boolean installedBefore = running.isPresent() && suite.installed();
    Demo.Outcome outcome;
    try {
      suite.install(List.of());
      outcome = demo.run();
    } catch (ClusterException failed) {
      throw new ClusterException(failed.getMessage() + diagnosis(cluster), failed);
    } finally {
      if (!keep) {
        cleanUp(running.isPresent(), installedBefore, cluster, suite, demo);
      }
    }
    return report(outcome, Duration.ofNanos(System.nanoTime() - begin));
  }

  private Cluster start(Progress progress) {
    return keep
        ? Clusters.start(Options.persistent(ClusterName.usual(), progress))
        : Clusters.start(Options.owned().withName("demo").withProgress(progress));
  }

  private static void cleanUp(
      boolean notOurs, boolean installedBefore, Cluster cluster, Suite suite, Demo demo) {
    if (!notOurs) {
      cluster.stop();
      return;
    }
    demo.remove();
    if (!installedBefore && suite.installed()) {
      suite.uninstall();
    }
  }

  private int report(Demo.Outcome outcome, Duration took) {
    Timeline timeline = outcome.timeline();
    System.out.println();
    timeline.table().forEach(System.out::println);
    System.out.println();
    String flaw = outcome.flaw();
    if (flaw.isEmpty()) {
      long first = timeline.at(Timeline.Phase.FIRST_BYTE).orElse(0L);
      System.out.println(
          "Replicas went 0 → 1 → 0. The request that woke the workload was answered with 200 by "
              + timeline.pod()
              + " after "
              + timeline.millisSinceRequest(first)
              + " ms; nobody had to retry.");
      next();
    } else {
      System.err.println("ebb: the demo failed: " + flaw);
    }
    if (json) {
      System.out.println(new JsonMapper().writeValueAsString(asJson(outcome, took)));
    }
    return flaw.isEmpty() ? 0 : 1;
  }

  private void next() {
    System.out.println();
    System.out.println("What to try next:");
    if (!keep) {
      System.out.println("  ./ebb demo --keep                 the same, and everything stays");
      return;
    }
    System.out.println("  eval \"$(./ebb cluster env)\"       kubectl and helm for this cluster");
    System.out.println("  ./ebb exec -- curl -i http://hello.ebb-demo     wake it again");
    System.out.println("  kubectl get ebb -A                what Ebb does now, and why");
    System.out.println("  ./ebb cluster down                remove everything");
  }

  private static Map<String, Object> asJson(Demo.Outcome outcome, Duration took) {
    Timeline timeline = outcome.timeline();
    Map<String, Object> phases = new LinkedHashMap<>();
    for (Timeline.Mark mark : timeline.marks()) {
      phases.put(mark.phase().name(), timeline.millisSinceRequest(mark.micros()));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ok", outcome.flaw().isEmpty());
    result.put("flaw", outcome.flaw());
    result.put("status", outcome.status());
    result.put("pod", timeline.pod());
    result.put("replicas", timeline.replicas());
    result.put("millisSinceRequest", phases);
    result.put("body", outcome.body());
    result.put("seconds", took.toSeconds());
    return result;
  }

  /** Writes down what a person would look at first, and says where. */
  private static String diagnosis(Cluster cluster) {
    Path file = Environment.system().cache().resolve("logs").resolve("demo.txt");
    StringBuilder text = new StringBuilder();
    for (String command :
        List.of(
            "get pods -A -o wide",
            "get events -A --sort-by=.lastTimestamp",
            "get deployments,services,endpointslices -A -o wide",
            "get ebb -A -o yaml",
            "logs -n ebb-system --all-containers --prefix --tail=200 -l app.kubernetes.io/part-of=ebb",
            "logs -n ebb-demo --all-containers --prefix --tail=100 -l app.kubernetes.io/name=hello")) {
      text.append("$ kubectl ").append(command).append('\n');
      var result = cluster.kubectl(command.split(" ", -1));
      text.append(result.out()).append(result.err()).append('\n');
    }
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return " (details: " + file + ")";
    } catch (IOException failed) {
      return "";
    }
  }
}
