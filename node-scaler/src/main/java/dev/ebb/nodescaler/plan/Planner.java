package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.plan.Plan.Limit;
import dev.ebb.nodescaler.plan.Verdict.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the nodes of one pool: first those that were on their way out are taken back, then
 * new ones are asked for; and when there is too much, the emptiest get no new servers any more, and
 * go once they have none. A pure function.
 */
public final class Planner {

  private final Observed observed;
  private final Rules rules;
  private final Census census;
  private final List<Step> steps = new ArrayList<>();
  private Memory memory;
  private @Nullable Limit limit;

  private Planner(Observed observed) {
    this.observed = observed;
    this.rules = observed.rules();
    this.census = new Census(observed);
    this.memory = census.memory();
  }

  /** Decides. */
  public static Plan plan(Observed observed) {
    return new Planner(observed).plan();
  }

  private Plan plan() {
    int deficit = census.counts().desired() - census.counts().available();
    if (deficit > 0) {
      deficit = takeBack(deficit);
    }
    grow(deficit);
    Shrink shrink = new Shrink(observed, census, memory);
    List<Verdict> verdicts = shrink.decide(deficit <= 0 && steps.isEmpty(), steps);
    return new Plan(steps, census.counts(), verdicts, limit, memory, census.lookAgain());
  }

  /** Those with the most servers first: the emptier ones have the better chance to go. */
  private int takeBack(int deficit) {
    int rest = deficit;
    List<NodeView> marked =
        census.in(State.DRAINING).stream()
            .filter(node -> node.readiness() == NodeView.Readiness.READY && node.repels() == null)
            .filter(node -> census.free(node) > 0)
            .sorted(
                Comparator.comparingInt(NodeView::servers).reversed().thenComparing(NodeView::name))
            .toList();
    for (NodeView node : marked) {
      if (rest <= 0) {
        break;
      }
      steps.add(new Step.Unmark(node));
      rest -= census.free(node);
    }
    return rest;
  }

  private void grow(int deficit) {
    Observed.Cloud cloud = observed.cloud();
    boolean tooFew = cloud != null && Math.max(cloud.size(), census.registered()) < rules.min();
    if (deficit <= 0 && !tooFew) {
      return;
    }
    limit = obstacle(cloud);
    if (cloud == null || limit != null) {
      return;
    }
    int size = Math.max(cloud.size(), census.registered());
    int perNode = census.counts().perNode();
    int more = deficit <= 0 ? 0 : perNode == 0 ? unknown() : Math.ceilDiv(deficit, perNode);
    int wanted = (int) Math.min(Integer.MAX_VALUE / 4, Math.max((long) size + more, rules.min()));
    int target = Math.min(rules.max(), wanted);
    if (target < wanted) {
      limit = Limit.MAX_REACHED;
    }
    if (target > size) {
      steps.add(new Step.Grow(size, target));
      memory = memory.grown(target - size, observed.now());
    }
  }

  /** One node is enough to learn how much room it has. */
  private int unknown() {
    boolean onItsWay = census.expected() > 0 || !census.in(State.STARTING).isEmpty();
    return onItsWay ? 0 : 1;
  }

  private @Nullable Limit obstacle(Observed.@Nullable Cloud cloud) {
    if (cloud == null) {
      return Limit.CLOUD_UNREADABLE;
    }
    if (cloud.steered()) {
      return Limit.CLOUD_STEERS;
    }
    boolean known = rules.template() != null || !census.in(State.ACTIVE).isEmpty();
    if (known && census.counts().perNode() == 0) {
      return Limit.SLOT_TOO_LARGE;
    }
    Instant until = memory.backoffUntil(observed.now(), rules.timing());
    if (until != null) {
      census.look(until);
      return Limit.BACKING_OFF;
    }
    return null;
  }
}
