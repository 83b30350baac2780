package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.ScaleDownPolicy.State;
import dev.ebb.cleanup.api.ScaleDownPolicy.Status;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the users of ScaleDownPolicies read on them. Stateless. */
final class PolicyReports {

  /** The condition that sums up. */
  static final String READY = "Ready";

  private static final Set<ScaleDownCleanup.State> RUNNING =
      Set.of(
          ScaleDownCleanup.State.Running,
          ScaleDownCleanup.State.Finishing,
          ScaleDownCleanup.State.Returning);
  private static final Set<ScaleDownCleanup.State> WAITING =
      Set.of(ScaleDownCleanup.State.Waiting, ScaleDownCleanup.State.Retrying);
  private static final Set<ScaleDownCleanup.State> HELD =
      Set.of(ScaleDownCleanup.State.Held, ScaleDownCleanup.State.Blocked);

  private PolicyReports() {}

  /** One sentence of a summary. */
  private record Verdict(boolean good, String reason, String message) {}

  /** Returns what is to be written where the set is not there. */
  static List<Step> without(Observed observed) {
    Verdict verdict =
        new Verdict(false, "NoStatefulSet", "there is no StatefulSet " + observed.key().name());
    return observed.policies().stream()
        .flatMap(p -> report(p, State.Idle, List.of(), verdict, observed.now()).stream())
        .toList();
  }

  /**
   * Returns what is to be written.
   *
   * @param held what keeps hands off everything; null for nothing
   */
  static List<Step> of(
      Observed observed,
      StatefulSet set,
      Policy policy,
      List<Plan.Ordinal> ordinals,
      List<Finding> findings,
      @Nullable Finding held) {
    Optional<ScaleDownPolicy> inForce = Policies.inForce(set.metadata(), observed.policies());
    List<Step> reports = new ArrayList<>();
    for (ScaleDownPolicy one : observed.policies()) {
      boolean counts = inForce.filter(one::equals).isPresent();
      Verdict verdict =
          counts
              ? verdict(set, policy, ordinals, findings, held)
              : new Verdict(
                  false,
                  "Conflict",
                  "ScaleDownPolicy %s is older and counts; delete one of the two"
                      .formatted(inForce.map(p -> p.metadata().name()).orElse("")));
      report(
              one,
              counts ? state(ordinals, held) : State.Stopped,
              counts ? ordinals : List.of(),
              verdict,
              observed.now())
          .ifPresent(reports::add);
    }
    return reports;
  }

  private static State state(List<Plan.Ordinal> ordinals, @Nullable Finding held) {
    if (held != null) {
      return State.Stopped;
    }
    if (count(ordinals, Set.of(ScaleDownCleanup.State.Held)) > 0) {
      return State.Held;
    }
    if (count(ordinals, Set.of(ScaleDownCleanup.State.Blocked)) > 0) {
      return State.Blocked;
    }
    if (count(ordinals, RUNNING) > 0) {
      return State.Cleaning;
    }
    return count(ordinals, WAITING) > 0 ? State.Waiting : State.Idle;
  }

  private static Verdict verdict(
      StatefulSet set,
      Policy policy,
      List<Plan.Ordinal> ordinals,
      List<Finding> findings,
      @Nullable Finding held) {
    if (set.claimTemplates().isEmpty()) {
      return new Verdict(
          false, "NoClaims", "the set has no volumeClaimTemplates: nothing is left behind");
    }
    if (policy.template() == null) {
      return new Verdict(false, "NoTemplate", "write spec.template: the pod that cleans up");
    }
    Optional<Finding> wrong =
        Stream.concat(Optional.ofNullable(held).stream(), findings.stream())
            .filter(Finding::warning)
            .findFirst();
    if (wrong.isPresent()) {
      return new Verdict(false, wrong.get().reason(), wrong.get().message());
    }
    if (held != null) {
      return new Verdict(true, held.reason(), held.message());
    }
    long stuck = count(ordinals, HELD);
    if (stuck > 0) {
      String who =
          ordinals.stream()
              .filter(o -> HELD.contains(o.state()))
              .map(o -> set.podName(o.ordinal()))
              .limit(5)
              .collect(Collectors.joining(", "));
      return new Verdict(
          false, "Held", stuck + " wait for somebody; kubectl get sdc -o wide says why: " + who);
    }
    return new Verdict(true, "Enforced", "ordinals that are left over are cleaned up");
  }

  private static int count(List<Plan.Ordinal> ordinals, Set<ScaleDownCleanup.State> states) {
    return (int)
        ordinals.stream().filter(o -> o.state() != null && states.contains(o.state())).count();
  }

  private static Optional<Step> report(
      ScaleDownPolicy policy,
      State state,
      List<Plan.Ordinal> ordinals,
      Verdict verdict,
      Instant now) {
    long generation = policy.metadata().generation();
    Status next =
        new Status(
            generation,
            state,
            count(ordinals, RUNNING),
            count(ordinals, WAITING),
            count(ordinals, HELD),
            new Conditions(policy.status().conditions(), generation, now)
                .set(READY, verdict.good(), verdict.reason(), verdict.message())
                .list());
    return same(policy.status(), next)
        ? Optional.empty()
        : Optional.of(new Step.Report(policy, next));
  }

  private static boolean same(Status a, Status b) {
    List<Condition> left = a.conditions();
    List<Condition> right = b.conditions();
    return a.observedGeneration() == b.observedGeneration()
        && a.state() == b.state()
        && a.running() == b.running()
        && a.waiting() == b.waiting()
        && a.held() == b.held()
        && left.size() == right.size()
        && IntStream.range(0, left.size()).allMatch(i -> left.get(i).sameAs(right.get(i)));
  }
}
