package dev.ebb.localcluster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./ebb demo selector}: Services over a set that grows, shrinks and loses a pod. */
@Command(
    name = "selector",
    header = "A set of pods grows, shrinks and loses one: the fewest Services move.",
    description = {
      "Starts a cluster (or uses the one that is up), installs Ebb with its selector-operator and",
      "samples/service-pool, and shows which pod each of eight Services points at before and after",
      "each step. Exit code 0 only if the fewest moved."
    },
    mixinStandardHelpOptions = true)
final class SelectorDemoCommand implements Callable<Integer> {

  @Option(names = "--keep", description = "Leaves everything running afterwards.")
  private boolean keep;

  @Override
  public Integer call() {
    new Stage(keep, SelectorDemo.STEPS, List.of("--set", "selector-operator.enabled=true"))
        .show(on -> new SelectorDemo(on.repository(), on.cluster(), on.progress(), System.out));
    if (keep) {
      System.out.println();
      System.out.println("  eval \"$(./ebb cluster env)\"");
      System.out.println("  kubectl get svcpool -n " + Demo.NAMESPACE);
    }
    return 0;
  }
}
