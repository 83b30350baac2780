package dev.ebb.localcluster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./ebb demo nodes}: a pool that grows ahead of its servers, and shrinks by empty nodes. */
@Command(
    name = "nodes",
    header =
        "A fleet of servers fills: its pool grows ahead of it, and shrinks by empty nodes only.",
    description = {
      "Starts a cluster (or uses the one that is up), installs Ebb with its node-scaler and a cloud",
      "whose machines are nodes that KWOK pretends to run, lets servers start one after the other and",
      "most of them end, and prints what happened when. Exit code 0 only if no server waited for a",
      "machine to boot, and none was on a machine that was deleted."
    },
    mixinStandardHelpOptions = true)
final class NodesDemoCommand implements Callable<Integer> {

  @Option(names = "--keep", description = "Leaves everything running afterwards.")
  private boolean keep;

  @Override
  public Integer call() {
    boolean good =
        new Stage(
                keep,
                NodesDemo.STEPS,
                List.of(
                    "--set",
                    "node-scaler.enabled=true",
                    "--set",
                    "node-scaler.digitalocean.address=" + NodesDemo.ADDRESS,
                    "--set",
                    "node-scaler.extraEnv[0].name=CLOUD_PROVIDER_TOKEN",
                    "--set",
                    "node-scaler.extraEnv[0].value=demo"))
            .show(on -> new NodesDemo(on.cluster(), on.progress(), System.out));
    if (keep) {
      System.out.println();
      System.out.println("  eval \"$(./ebb cluster env)\"");
      System.out.println("  kubectl get nbuf -n " + Demo.NAMESPACE + " -o wide");
      System.out.println("The cloud ended with the demo: the pool stays as it is.");
    }
    return good ? 0 : 1;
  }
}
