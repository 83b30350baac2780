package dev.ebb.localcluster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./ebb demo cleanup}: three brokers become one, and nothing is lost. */
@Command(
    name = "cleanup",
    header = "Three brokers become one: every message is still there, the volumes are freed.",
    description = {
      "Starts a cluster (or uses the one that is up), installs Ebb with its cleanup-controller and",
      "samples/cleanup/broker.yaml, sends messages to each of three brokers, scales them to one"
          + " and",
      "shows what happened when. Exit code 0 only if every message is still there and no volume of",
      "the brokers that went is left."
    },
    mixinStandardHelpOptions = true)
final class CleanupDemoCommand implements Callable<Integer> {

  @Option(names = "--keep", description = "Leaves everything running afterwards.")
  private boolean keep;

  @Override
  public Integer call() {
    CleanupDemo.Outcome outcome =
        new Stage(keep, CleanupDemo.STEPS, List.of("--set", "cleanup-controller.enabled=true"))
            .show(CleanupDemo::new);
    System.out.println();
    outcome.timeline().table().forEach(System.out::println);
    System.out.println();
    String flaw = outcome.flaw();
    if (!flaw.isEmpty()) {
      System.err.println("ebb: the demo failed: " + flaw);
      return 1;
    }
    System.out.println(
        "Brokers went 3 → 1. All %d messages are with broker-0; the volumes of the two others are freed."
            .formatted(outcome.before().size()));
    if (keep) {
      System.out.println();
      System.out.println("  eval \"$(./ebb cluster env)\"");
      System.out.println("  kubectl get sdp,sdc -n " + CleanupDemo.NAMESPACE + " -o wide");
      System.out.println(
          "  kubectl scale sts broker -n " + CleanupDemo.NAMESPACE + " --replicas=3");
    }
    return 0;
  }
}
