package dev.ebb.localcluster.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./ebb demo}: everything from nothing, and one request that wakes a workload. */
@Command(
    name = "demo",
    header = "Everything from nothing, and one request that wakes a workload.",
    description = {
      "Starts a cluster (or uses the one that is up), installs Ebb and a sample, waits until the",
      "sample sleeps, wakes it by one request and shows what happened when. Exit code 0 only if",
      "replicas went 0 → 1 → 0 and the woken pod answered 200."
    },
    subcommands = {
      TimeDemoCommand.class,
      CleanupDemoCommand.class,
      SelectorDemoCommand.class,
      NodesDemoCommand.class
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
    Demo.Outcome outcome =
        new Stage(keep, Demo.STEPS, List.of())
            .show(on -> new Demo(on.repository(), on.cluster(), on.progress()));
    return report(outcome, Duration.ofNanos(System.nanoTime() - begin));
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
}
