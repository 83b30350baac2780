package dev.ebb.nodescaler.apply;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.Node.Taint;
import dev.ebb.runtime.kube.ObjectWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every write to nodes: one taint and its annotations, only on top of what was read. What others
 * put on a node stays there. Blocks. Thread-safe.
 */
public final class NodeWriter {

  private final ObjectWriter writes;

  /** Creates a writer. */
  public NodeWriter(ObjectWriter writes) {
    this.writes = writes;
  }

  /** Keeps new servers away; a node where they are kept away already keeps its time. */
  public Node mark(Node node, String buffer, Instant now) {
    if (node.draining()) {
      return node;
    }
    List<Taint> taints = new ArrayList<>(node.spec().taints());
    taints.add(new Taint(Node.DRAINING, "", "NoSchedule", null));
    ObjectNode patch = taints(taints);
    patch
        .putObject("metadata")
        .putObject("annotations")
        .put(Node.BUFFER, buffer)
        .put(Node.SINCE, now.truncatedTo(ChronoUnit.SECONDS).toString());
    return writes.patch(Node.TYPE, node.metadata(), null, patch);
  }

  /** Lets servers in again; lifts a cordon only when kubescaler made it. */
  public Node unmark(Node node) {
    boolean kubescalers = !node.draining() && node.time(Node.KUBESCALER) != null;
    if (!node.draining() && !kubescalers) {
      return node;
    }
    ObjectNode patch =
        taints(
            node.spec().taints().stream()
                .filter(taint -> !taint.key().equals(Node.DRAINING))
                .toList());
    ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
    annotations.putNull(Node.BUFFER).putNull(Node.SINCE).putNull(Node.DELETING);
    if (kubescalers) {
      annotations.putNull(Node.KUBESCALER);
      ObjectNode spec = (ObjectNode) patch.path("spec");
      spec.remove("taints");
      spec.putNull("unschedulable");
    }
    return writes.patch(Node.TYPE, node.metadata(), null, patch);
  }

  /** Says that the cloud is asked to delete the node, before it is asked. */
  public Node deleting(Node node, String buffer, Instant now) {
    ObjectNode patch = writes.node();
    patch
        .putObject("metadata")
        .putObject("annotations")
        .put(Node.BUFFER, buffer)
        .put(Node.DELETING, now.truncatedTo(ChronoUnit.SECONDS).toString());
    return writes.patch(Node.TYPE, node.metadata(), null, patch);
  }

  private ObjectNode taints(List<Taint> taints) {
    ObjectNode patch = writes.node();
    ArrayNode list = patch.putObject("spec").putArray("taints");
    for (Taint taint : taints) {
      ObjectNode item = list.addObject().put("key", taint.key());
      if (taint.value() != null && !taint.value().isEmpty()) {
        item.put("value", taint.value());
      }
      item.put("effect", taint.effect());
      if (taint.timeAdded() != null) {
        item.put("timeAdded", taint.timeAdded());
      }
    }
    return patch;
  }
}
