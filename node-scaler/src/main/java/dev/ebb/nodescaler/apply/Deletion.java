package dev.ebb.nodescaler.apply;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.nodescaler.plan.Belonging;
import dev.ebb.nodescaler.plan.NodeView;
import dev.ebb.nodescaler.plan.PodView;
import dev.ebb.nodescaler.plan.Rules;
import dev.ebb.nodescaler.plan.Step;
import dev.ebb.nodescaler.plan.Views;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.scaler.nodes.NodePool;
import dev.ebb.scaler.nodes.NodePool.Machine;
import dev.ebb.scaler.nodes.NodeProvider;
import dev.ebb.scaler.nodes.PoolReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last look at a node, and its end. What the plan was made of may be old, so everything that
 * would forbid it is read again, from the API server's store and from the cloud and not from a
 * cache:
 *
 * <ol>
 *   <li>the node is still the one that was marked, its taint has stood for long enough that no
 *       server can be on its way there, and nobody else keeps pods away from it;
 *   <li>the pool has more than its fewest machines, and a machine of this node;
 *   <li>the node says that it is being deleted: whoever comes after a crash knows what was begun;
 *   <li>no pod is there that must not be ended. This is the last read: it is younger than the
 *       taint, and so complete;
 *   <li>this one machine is deleted by its id.
 * </ol>
 *
 * <p>A pod that is found lets the node back into use. A cloud that does not answer leaves the node
 * as it is, with its time; the next pass looks again. Blocks. Thread-safe.
 */
public final class Deletion {

  /** What became of it. */
  public sealed interface Result {

    /** The cloud deletes the machine, or has it deleted already. */
    record Asked() implements Result {}

    /** Somebody is there: servers may be scheduled there again. */
    record Occupied(String pod) implements Result {}

    /** It is not what the plan was made of; nothing was done. */
    record Changed(String what) implements Result {}
  }

  private final KubeClient client;
  private final NodeWriter nodes;

  /**
   * Creates it.
   *
   * @param client reads live
   */
  public Deletion(KubeClient client, NodeWriter nodes) {
    this.client = client;
    this.nodes = nodes;
  }

  /**
   * Looks and deletes.
   *
   * @throws KubeException when the API server refuses, or somebody was quicker
   * @throws dev.ebb.scaler.nodes.NodeProviderException when the cloud does not do it
   */
  public Result run(
      Step.Delete step,
      Belonging belonging,
      Rules rules,
      NodeProvider provider,
      PoolReference reference,
      Instant now) {
    Node node = live(step.node().name());
    if (node == null) {
      return new Result.Changed("the node is gone");
    }
    NodeView live = Views.of(belonging, node, List.of(), now);
    String changed = changed(step.node(), live, rules, now);
    if (!changed.isEmpty()) {
      return new Result.Changed(changed);
    }
    NodePool pool = provider.read(reference);
    Machine machine = machine(pool, node);
    if (machine == null) {
      return new Result.Changed("the pool has no machine of this node");
    }
    if (pool.steered() || pool.size() <= rules.min()) {
      return new Result.Changed("the pool has no more than " + pool.size() + " machines");
    }
    Node announced = nodes.deleting(node, belonging.buffer(), now);
    boolean others = false;
    for (PodView pod : pods(belonging, step.node().name(), now)) {
      if (pod.kept() || pod.server() || !(pod.ofTheNode() || rules.shrinking().othersDrained())) {
        nodes.unmark(announced);
        return new Result.Occupied(pod.name());
      }
      others |= !pod.ofTheNode();
    }
    provider.delete(reference, machine, others);
    return new Result.Asked();
  }

  private @Nullable Node live(String name) {
    Map<String, String> named = Map.of("fieldSelector", "metadata.name=" + name);
    return client.list(Node.TYPE, null, named).items().stream().findFirst().orElse(null);
  }

  private static String changed(NodeView planned, NodeView live, Rules rules, Instant now) {
    Instant mark = live.mark();
    if (mark == null || !live.created().equals(planned.created())) {
      return "the node is not on its way out any more";
    }
    if (live.repels() != null) {
      return live.repels();
    }
    if (now.isBefore(mark.plus(rules.shrinking().settle()))) {
      return "servers are kept away for too short a time";
    }
    return "";
  }

  private static @Nullable Machine machine(NodePool pool, Node node) {
    String name = node.metadata().name();
    return pool.machines().stream()
        .filter(machine -> machine.nodeName().equals(name) && !machine.id().isEmpty())
        .findFirst()
        .orElse(null);
  }

  /** A list without a version is read from the store, not from the API server's cache. */
  private List<PodView> pods(Belonging belonging, String node, Instant now) {
    return client
        .list(ServerPod.TYPE, null, Map.of("fieldSelector", "spec.nodeName=" + node))
        .items()
        .stream()
        .filter(pod -> !pod.finished())
        .map(pod -> Views.of(belonging, pod, now))
        .toList();
  }
}
