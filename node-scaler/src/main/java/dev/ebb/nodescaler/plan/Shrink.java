package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.plan.Verdict.Reason;
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
 * Decides which nodes go, and says of each that stays why. What is free counts only when it is free
 * now: a node that the cloud owes is no reason to give one up.
 */
final class Shrink {

  /** More nodes down than this, and than this part of all: nothing is taken away. */
  private static final int UNHEALTHY_NODES = 3;

  private static final int UNHEALTHY_PERCENT = 45;

  /** A deletion that the cloud accepted and did not begin is asked for again after this time. */
  private static final Duration DELETE_AGAIN = Duration.ofMinutes(1);

  private final Observed observed;
  private final Rules rules;
  private final Rules.Shrinking how;
  private final Census census;
  private final Memory memory;
  private final Map<String, Verdict> verdicts = new HashMap<>();

  Shrink(Observed observed, Census census, Memory memory) {
    this.observed = observed;
    this.rules = observed.rules();
    this.how = rules.shrinking();
    this.census = census;
    this.memory = memory;
  }

  /**
   * Decides.
   *
   * @param enough whether the buffer is full and nothing else is to be done
   * @param steps takes what is to be done
   * @return a verdict for each node, in the nodes' order
   */
  List<Verdict> decide(boolean enough, List<Step> steps) {
    Reason general = generally();
    if (general != null || !enough) {
      stay(census.in(State.ACTIVE), general == null ? Reason.NEEDED : general);
    } else {
      mark(steps);
    }
    delete(general, steps);
    for (NodeView node : observed.nodes()) {
      switch (census.state(node.name())) {
        case STARTING -> say(node, Reason.NOT_STARTED, "");
        case IGNORED -> {
          String repels = node.repels();
          say(node, repels == null ? Reason.LOST : Reason.FOREIGN, repels == null ? "" : repels);
        }
        default -> verdicts.computeIfAbsent(node.name(), n -> verdict(node, Reason.NONE, ""));
      }
    }
    return observed.nodes().stream()
        .map(node -> verdicts.getOrDefault(node.name(), verdict(node, Reason.NONE, "")))
        .toList();
  }

  private @Nullable Reason generally() {
    if (!how.enabled()) {
      return Reason.SWITCHED_OFF;
    }
    Observed.Cloud cloud = observed.cloud();
    if (cloud == null || cloud.steered()) {
      return Reason.CLOUD;
    }
    long down =
        observed.nodes().stream()
            .filter(node -> node.readiness() == NodeView.Readiness.LOST && !node.going())
            .count();
    return down > UNHEALTHY_NODES && down * 100 > UNHEALTHY_PERCENT * (long) observed.nodes().size()
        ? Reason.UNHEALTHY_POOL
        : null;
  }

  /** Takes the emptiest out of use while what is left free is enough. */
  private void mark(List<Step> steps) {
    List<NodeView> candidates = new ArrayList<>(census.in(State.ACTIVE));
    Instant grown = memory.lastGrowth();
    if (grown != null && observed.now().isBefore(grown.plus(how.delayAfterAdd()))) {
      census.look(grown.plus(how.delayAfterAdd()));
      stay(candidates, Reason.JUST_GROWN);
      return;
    }
    candidates.sort(
        Comparator.comparingInt(NodeView::protectedPods)
            .thenComparingInt(NodeView::servers)
            .thenComparing(Comparator.comparing(NodeView::created).reversed())
            .thenComparing(NodeView::name));
    int left = candidates.size();
    long spare =
        (long) census.counts().confirmed()
            - census.counts().desired()
            - (long) how.hysteresisNodes() * census.counts().perNode();
    int tier = -1;
    for (NodeView node : candidates) {
      if (tier >= 0 && node.protectedPods() > tier) {
        // One with fewer servers had to stay: this one has no business to go before it.
        say(node, Reason.OTHERS_FIRST, "");
      } else if (left <= rules.min()) {
        say(node, Reason.MINIMUM, "");
      } else if (census.free(node) > spare || spare <= 0) {
        tier = node.protectedPods();
        say(node, Reason.NEEDED, "");
      } else {
        steps.add(new Step.Mark(node));
        say(node, Reason.NONE, "");
        spare -= census.free(node);
        left--;
      }
    }
  }

  private void delete(@Nullable Reason general, List<Step> steps) {
    List<NodeView> draining = new ArrayList<>(census.in(State.DRAINING));
    draining.sort(Comparator.comparing(NodeView::name));
    int going = (int) observed.nodes().stream().filter(NodeView::going).count();
    int budget =
        Math.min(how.atOnce(), Math.max(1, census.registered() * how.percentAtOnce() / 100));
    Observed.Cloud cloud = observed.cloud();
    int size = Math.min(cloud == null ? 0 : cloud.size(), census.registered());
    int takenBack = (int) steps.stream().filter(Step.Unmark.class::isInstance).count();
    for (NodeView node : draining) {
      if (takenBack > 0 && steps.contains(new Step.Unmark(node))) {
        continue;
      }
      String blocker = blocker(node);
      Reason reason =
          general != null
              ? general
              : node.repels() != null
                  ? Reason.FOREIGN
                  : blocker != null
                      ? blockedBy(node)
                      : !waited(node)
                          ? Reason.WAITING
                          : size <= rules.min()
                              ? Reason.MINIMUM
                              : going >= budget ? Reason.BUDGET : Reason.NONE;
      say(node, reason, blocker == null ? "" : blocker);
      if (reason == Reason.NONE) {
        steps.add(new Step.Delete(node, others(node)));
        size--;
        going++;
      }
    }
    if (general == null) {
      again(size, steps);
    }
  }

  /** The cloud's answer may have been lost, or not have been true. */
  private void again(int size, List<Step> steps) {
    int left = size;
    for (NodeView node : observed.nodes()) {
      Instant since = node.deletingSince();
      if (since == null || node.leaving() || node.mark() == null || node.repels() != null) {
        continue;
      }
      Instant next = since.plus(DELETE_AGAIN);
      if (observed.now().isBefore(next)) {
        census.look(next);
      } else if (waited(node)
          && blocker(node) == null
          && observed.cloud() != null
          && observed.cloud().size() > Math.max(rules.min(), left)) {
        steps.add(new Step.Delete(node, others(node)));
      }
    }
  }

  private boolean waited(NodeView node) {
    Instant mark = node.mark();
    if (mark == null) {
      return false;
    }
    Duration wait =
        how.unneededFor().compareTo(how.settle()) > 0 ? how.unneededFor() : how.settle();
    Instant end = mark.plus(wait);
    if (observed.now().isBefore(end)) {
      census.look(end);
      return false;
    }
    return true;
  }

  /** Names a pod that keeps a node; null when none does. */
  private @Nullable String blocker(NodeView node) {
    for (PodView pod : node.pods()) {
      if (pod.kept() || (pod.server() && !pod.ofTheNode())) {
        return pod.name();
      }
    }
    if (!how.othersDrained()) {
      for (PodView pod : node.pods()) {
        if (!pod.ofTheNode()) {
          return pod.name();
        }
      }
    }
    return null;
  }

  private static Reason blockedBy(NodeView node) {
    return node.protectedPods() + node.servers() > 0 ? Reason.PROTECTED_POD : Reason.OTHER_POD;
  }

  private static boolean others(NodeView node) {
    return node.pods().stream().anyMatch(pod -> !pod.ofTheNode());
  }

  private void stay(List<NodeView> nodes, Reason reason) {
    nodes.forEach(node -> say(node, reason, ""));
  }

  private void say(NodeView node, Reason reason, String detail) {
    verdicts.put(node.name(), verdict(node, reason, detail));
  }

  private Verdict verdict(NodeView node, Reason reason, String detail) {
    return new Verdict(node.name(), census.state(node.name()), census.free(node), reason, detail);
  }
}
