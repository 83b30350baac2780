package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.plan.Observed.Cloud;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of a pool when everything works. */
final class World {

  private World() {}

  static Rules shrinking(Rules rules, Rules.Shrinking shrinking) {
    return new Rules(
        rules.slot(),
        rules.slots(),
        rules.percent(),
        rules.reservations(),
        rules.min(),
        rules.max(),
        rules.template(),
        rules.timing(),
        shrinking);
  }

  static NodeView marked(NodeView node, @Nullable Instant mark) {
    return new NodeView(
        node.name(),
        node.created(),
        node.readiness(),
        node.readinessSince(),
        node.repels(),
        mark,
        node.deletingSince(),
        node.leaving(),
        node.allocatable(),
        node.pods());
  }

  /** Takes a plan's steps, at the same time. */
  static Observed after(Observed observed, Plan plan) {
    List<NodeView> nodes = new ArrayList<>(observed.nodes());
    int size = observed.cloud() == null ? nodes.size() : observed.cloud().size();
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Unmark unmark ->
            nodes.replaceAll(n -> n.equals(unmark.node()) ? marked(n, null) : n);
        case Step.Mark mark ->
            nodes.replaceAll(n -> n.equals(mark.node()) ? marked(n, observed.now()) : n);
        case Step.Grow grow -> size = grow.to();
        case Step.Delete delete -> {
          nodes.remove(delete.node());
          size--;
        }
      }
    }
    return new Observed(
        observed.rules(),
        nodes,
        observed.waiting(),
        new Cloud(size, false),
        plan.memory(),
        observed.now());
  }
}
