package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.plan.NodeView.Readiness;
import dev.ebb.nodescaler.plan.Verdict.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what there is. Whole servers fit on one node or do not: free pieces of several nodes are
 * never added up.
 */
final class Census {

  private final Observed observed;
  private final Rules rules;
  private final Map<String, State> states = new HashMap<>();
  private final Map<String, Integer> free = new HashMap<>();
  private final int perNode;
  private final Plan.Counts counts;
  private final Memory memory;
  private @Nullable Instant lookAgain;

  Census(Observed observed) {
    this.observed = observed;
    this.rules = observed.rules();
    for (NodeView node : observed.nodes()) {
      states.put(node.name(), state(node));
      free.put(node.name(), node.allocatable().minus(taken(node)).fits(needs()));
    }
    this.perNode = slotsOfANewNode();
    this.memory = observed.memory().owed(owed(), observed.now(), rules.timing());
    this.counts = count();
    if (memory.upcoming() > memory.writtenOff() && memory.upcomingSince() != null) {
      look(memory.upcomingSince().plus(rules.timing().provisioning()));
    }
  }

  private Resources taken(NodeView node) {
    return node.taken(rules.slot());
  }

  /** What one more server takes: a slot, and a place among the node's pods. */
  private Resources needs() {
    return rules.slot().orElse(Resources.of(Resources.PODS, 1000));
  }

  private State state(NodeView node) {
    if (node.going()) {
      return State.DELETING;
    }
    if (node.mark() != null) {
      return State.DRAINING;
    }
    if (node.repels() != null) {
      return State.IGNORED;
    }
    Rules.Timing timing = rules.timing();
    return switch (node.readiness()) {
      case READY -> State.ACTIVE;
      case STARTING -> within(node.created(), timing.nodeStartup());
      case LOST -> within(node.readinessSince(), timing.unreadyGrace());
    };
  }

  private State within(Instant since, Duration grace) {
    Instant end = since.plus(grace);
    if (!observed.now().isBefore(end)) {
      return State.IGNORED;
    }
    look(end);
    return State.STARTING;
  }

  /** How many servers a new node takes; 0 while no node tells. */
  private int slotsOfANewNode() {
    Resources template = rules.template();
    if (template != null) {
      return template.fits(needs(template));
    }
    return observed.nodes().stream()
        .filter(node -> node.readiness() == Readiness.READY)
        .sorted(
            Comparator.comparing(NodeView::created).reversed().thenComparingInt(this::whenEmpty))
        .mapToInt(this::whenEmpty)
        .filter(slots -> slots > 0)
        .findFirst()
        .orElse(0);
  }

  /** A template that does not say how many pods a node takes does not limit them. */
  private Resources needs(Resources template) {
    return template.amount(Resources.PODS) > 0 ? needs() : rules.slot();
  }

  private int whenEmpty(NodeView node) {
    return node.allocatable().minus(node.ownPods(rules.slot())).fits(needs());
  }

  /** Nodes that the cloud is to have and Kubernetes has not. */
  private int owed() {
    Observed.Cloud cloud = observed.cloud();
    return cloud == null ? observed.memory().upcoming() : Math.max(0, cloud.size() - registered());
  }

  private Plan.Counts count() {
    int starting = 0;
    for (NodeView node : in(State.STARTING)) {
      boolean told =
          node.allocatable().amounts().keySet().containsAll(rules.slot().amounts().keySet());
      starting = add(starting, told ? free(node) : perNode);
    }
    int pending = 0;
    for (PodView pod : observed.waiting()) {
      pending = add(pending, Math.max(1, pod.requests().slots(rules.slot())));
    }
    int used = 0;
    for (NodeView node : observed.nodes()) {
      used = add(used, node.servers());
    }
    int upcoming = (int) Math.min(Integer.MAX_VALUE / 4, (long) expected() * perNode);
    return new Plan.Counts(
        free(State.ACTIVE), starting, upcoming, pending, used, desired(used + pending), perNode);
  }

  private int desired(int allocated) {
    int part = 0;
    if (rules.percent() > 0) {
      // As Agones counts: that so many of all, free and taken, are free.
      long all = Math.ceilDiv(allocated * 100L, 100L - rules.percent());
      part = (int) Math.min(Integer.MAX_VALUE / 4, all - allocated);
    }
    int desired = Math.max(rules.slots(), part);
    for (Rules.Reservation reservation : rules.reservations()) {
      desired = add(desired, reserved(reservation));
    }
    return desired;
  }

  private int reserved(Rules.Reservation reservation) {
    Instant begin = reservation.at().minus(rules.timing().lead());
    if (observed.now().isBefore(begin)) {
      look(begin);
      return 0;
    }
    if (!observed.now().isBefore(reservation.until())) {
      return 0;
    }
    look(reservation.until());
    long started =
        observed.nodes().stream()
            .flatMap(node -> node.pods().stream())
            .filter(pod -> pod.server() && !pod.created().isBefore(reservation.at()))
            .count();
    return (int) Math.max(0, reservation.slots() - started);
  }

  private static int add(int a, int b) {
    return (int) Math.min(Integer.MAX_VALUE / 4, (long) a + b);
  }

  private int free(State state) {
    int sum = 0;
    for (NodeView node : in(state)) {
      sum = add(sum, free(node));
    }
    return sum;
  }

  /** Remembers a time at which something changes. */
  void look(Instant at) {
    if (lookAgain == null || at.isBefore(lookAgain)) {
      lookAgain = at;
    }
  }

  @Nullable Instant lookAgain() {
    return lookAgain;
  }

  List<NodeView> in(State state) {
    List<NodeView> found = new ArrayList<>();
    for (NodeView node : observed.nodes()) {
      if (state(node.name()) == state) {
        found.add(node);
      }
    }
    return found;
  }

  State state(String node) {
    return states.getOrDefault(node, State.IGNORED);
  }

  int free(NodeView node) {
    return free.getOrDefault(node.name(), 0);
  }

  /** Nodes that Kubernetes has and that are not on their way out. */
  int registered() {
    return (int) observed.nodes().stream().filter(node -> !node.going()).count();
  }

  /** Nodes that the cloud still may bring. */
  int expected() {
    return memory.upcoming() - memory.writtenOff();
  }

  Plan.Counts counts() {
    return counts;
  }

  Memory memory() {
    return memory;
  }
}
