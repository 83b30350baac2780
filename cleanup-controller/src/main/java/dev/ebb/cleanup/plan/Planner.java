package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownPolicy.Existing;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.freeze.Stance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one StatefulSet: which of its ordinals are left over, whose turn it is, and what the
 * set itself needs. A pure function of what was observed. Stateless.
 */
public final class Planner {

  private static final Duration LOCK_CHECK = Duration.ofSeconds(15);

  private final Observed observed;
  private final StatefulSet set;
  private final Policy policy;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();

  private Planner(Observed observed, StatefulSet set, Policy policy) {
    this.observed = observed;
    this.set = set;
    this.policy = policy;
  }

  /** Decides. */
  public static Plan plan(Observed observed) {
    StatefulSet set = observed.set();
    return set == null
        ? leftovers(observed)
        : new Planner(observed, set, Policies.of(set, observed.policies())).plan();
  }

  /** Without a set nobody wants anything: locks go, volumes stay. */
  private static Plan leftovers(Observed observed) {
    List<Step> steps = new ArrayList<>();
    if (held(observed, AnnotatedPolicy.of(nothing())).isEmpty()) {
      observed.pods().stream()
          .filter(pod -> Lock.of(pod, observed.key().name()).isPresent())
          .filter(pod -> !pod.metadata().deleting())
          .forEach(pod -> steps.add(new Step.DeletePod(pod, true)));
      observed.records().stream()
          .filter(record -> !record.metadata().deleting())
          .forEach(record -> steps.add(new Step.DropRecord(record)));
    }
    return new Plan(steps, List.of(), PolicyReports.without(observed), List.of(), null);
  }

  private static StatefulSet nothing() {
    return new StatefulSet(
        dev.ebb.runtime.kube.Meta.named("", ""),
        new StatefulSet.Spec(null, null, null, null, null, List.of(), null, null),
        new StatefulSet.Status(0));
  }

  /** Returns what keeps hands off everything; empty for nothing. */
  private static Optional<Finding> held(Observed observed, Policy policy) {
    if (observed.predecessor() != null) {
      return Optional.of(
          Finding.warning(
              "PredecessorActive",
              "statefulset-scaledown-controller is still running (%s); nothing is done before it is gone"
                  .formatted(observed.predecessor())));
    }
    return switch (Stance.of(policy.mode(), observed.freeze())) {
      case ACT -> Optional.empty();
      case WAKE ->
          observed
              .freeze()
              .map(f -> Finding.note(f.scope().reason(), "nothing is cleaned up: " + f.message()));
      case REPORT -> Optional.of(Finding.note("Observing", "the mode is Observe: nothing is done"));
      case REST -> Optional.of(Finding.note("Paused", "the mode is Paused: nothing is done"));
    };
  }

  private Plan plan() {
    findings.addAll(policy.findings());
    boolean active = policy.template() != null && !set.claimTemplates().isEmpty();
    Optional<Finding> held = held(observed, policy);
    List<Member> members = members();
    if (held.isPresent()) {
      boolean something = active && members.stream().anyMatch(this::leftOver);
      if (something) {
        findings.add(held.get());
      }
      // A lock that is not renewed any more tells nobody.
      Instant again =
          something && observed.predecessor() != null ? observed.now().plus(LOCK_CHECK) : null;
      return result(describe(members, held.get()), held.get(), again);
    }
    Step finalizer = finalizer(active);
    if (finalizer != null) {
      steps.add(finalizer);
      return new Plan(steps, List.of(), List.of(), findings, null);
    }
    Template template = template(active);
    if (active) {
      conflicts(members);
      baseline(members);
    }
    if (!steps.isEmpty()) {
      return new Plan(steps, List.of(), List.of(), findings, null);
    }
    Ordinals ordinals =
        new Ordinals(set, policy, active ? template : null, members, observed.now());
    List<Plan.Ordinal> all = new ArrayList<>();
    for (Member member : members) {
      Plan.Ordinal one = ordinals.plan(member);
      if (one.state() != null || !one.steps().isEmpty()) {
        all.add(one);
      }
    }
    boolean rest = ordinals.clean();
    if (rest && set.metadata().deleting() && hasFinalizer()) {
      steps.add(new Step.RemoveFinalizer(true, ordinals.stays()));
    }
    return result(all, null, ordinals.lookAgain());
  }

  private Plan result(
      List<Plan.Ordinal> ordinals, @Nullable Finding held, @Nullable Instant lookAgain) {
    List<Step> reports = PolicyReports.of(observed, set, policy, ordinals, findings, held);
    return new Plan(steps, ordinals, reports, findings, lookAgain);
  }

  private boolean hasFinalizer() {
    return set.metadata().finalizers().contains(Names.FINALIZER);
  }

  private @Nullable Step finalizer(boolean active) {
    boolean wanted = active && policy.cleanOnDelete() && !set.deletesWhenDeleted();
    if (wanted && !hasFinalizer() && !set.metadata().deleting()) {
      return new Step.AddFinalizer();
    }
    return !wanted && hasFinalizer() ? new Step.RemoveFinalizer(false, Set.of()) : null;
  }

  private @Nullable Template template(boolean active) {
    String text = policy.template();
    if (!active || text == null) {
      return null;
    }
    Template template = Template.read(text, set);
    if (template.problem() != null) {
      findings.add(
          Finding.warning(
              "InvalidTemplate",
              "%s cannot be used: %s".formatted(policy.source(), template.problem())));
    } else if (!template.unknown().isEmpty()) {
      findings.add(
          Finding.warning(
              "UnknownFields",
              "%s has fields that Kubernetes does not know and leaves out: %s"
                  .formatted(policy.source(), template.unknown())));
    }
    return template;
  }

  private void conflicts(List<Member> members) {
    if (set.deletesWhenScaled()) {
      findings.add(
          Finding.warning(
              "RetentionPolicyConflict",
              "persistentVolumeClaimRetentionPolicy.whenScaled is Delete: Kubernetes deletes the"
                  + " claims before anything can be cleaned up; write Retain"));
    }
    if (policy.cleanOnDelete() && set.deletesWhenDeleted()) {
      findings.add(
          Finding.warning(
              "RetentionPolicyConflict",
              "persistentVolumeClaimRetentionPolicy.whenDeleted is Delete: Kubernetes deletes the"
                  + " claims when the set is deleted, and nothing is cleaned up; write Retain"));
    }
    members.stream().flatMap(m -> m.doubtful().stream()).forEach(findings::add);
  }

  /** What was left over before there was a template is remembered once. */
  private void baseline(List<Member> members) {
    String known = set.metadata().annotations().get(Names.BASELINE);
    if (policy.existing() == Existing.Clean || set.metadata().deleting()) {
      return;
    }
    if (known == null) {
      List<String> uids =
          members.stream()
              .filter(m -> !set.wants(m.ordinal()) && m.lock() == null)
              .flatMap(m -> m.live().stream())
              .map(c -> c.metadata().uid())
              .toList();
      steps.add(new Step.SetBaseline(uids));
    } else if (policy.existing() == Existing.Report) {
      Set<String> uids = Set.copyOf(Arrays.asList(known.split(",", -1)));
      List<String> names =
          members.stream()
              .filter(m -> !set.wants(m.ordinal()))
              .flatMap(m -> m.live().stream())
              .filter(c -> uids.contains(c.metadata().uid()))
              .map(c -> c.metadata().name())
              .toList();
      if (!names.isEmpty()) {
        findings.add(
            Finding.note("OrphanedClaims", "left over from before, and left alone: " + names));
      }
    }
  }

  private boolean leftOver(Member member) {
    return member.lock() != null || (!set.wants(member.ordinal()) && !member.live().isEmpty());
  }

  private List<Plan.Ordinal> describe(List<Member> members, Finding held) {
    return members.stream()
        .filter(this::leftOver)
        .map(m ->
            new Plan.Ordinal(
                m.ordinal(), ScaleDownCleanup.State.Waiting, held.message(), List.of(), false))
        .toList();
  }

  /** Returns all ordinals of which there is anything, the highest first. */
  private List<Member> members() {
    Set<Integer> ordinals = new TreeSet<>(Collections.reverseOrder());
    observed.claims().stream()
        .map(c -> OrdinalName.ofClaim(set, c.metadata().name()))
        .flatMapToInt(OptionalInt::stream)
        .forEach(ordinals::add);
    observed.pods().stream()
        .map(p -> OrdinalName.after(set.metadata().name(), p.metadata().name()))
        .flatMapToInt(OptionalInt::stream)
        .forEach(ordinals::add);
    observed.records().stream()
        .map(r -> r.spec().ordinal())
        .filter(n -> n >= 0)
        .forEach(ordinals::add);
    return ordinals.stream().map(this::member).toList();
  }

  private Member member(int ordinal) {
    List<Claim> claims = new ArrayList<>();
    List<Finding> doubtful = new ArrayList<>();
    for (String template : set.claimTemplates()) {
      String name = OrdinalName.claim(template, set.metadata().name(), ordinal);
      for (Claim claim : observed.claims()) {
        if (claim.metadata().name().equals(name)) {
          Optional<Finding> doubt = Ownership.doubt(claim, set, observed.sets());
          doubt.ifPresentOrElse(doubtful::add, () -> claims.add(claim));
        }
      }
    }
    String name = set.podName(ordinal);
    SetPod pod =
        observed.pods().stream()
            .filter(p -> p.metadata().name().equals(name))
            .findFirst()
            .orElse(null);
    ScaleDownCleanup record =
        observed.records().stream()
            .filter(r -> r.spec().ordinal() == ordinal)
            .findFirst()
            .orElse(null);
    return new Member(
        ordinal,
        claims,
        set.wants(ordinal) ? List.of() : doubtful,
        pod,
        Lock.of(pod, set.metadata().name()).orElse(null),
        record);
  }

  /**
   * Returns what is written down when the API server will not take an ordinal's cleanup pod; empty
   * when the ordinal is gone.
   */
  public static Optional<Step> refused(Observed observed, int ordinal, String message) {
    StatefulSet set = observed.set();
    if (set == null) {
      return Optional.empty();
    }
    Policy policy = Policies.of(set, observed.policies());
    String text = policy.template();
    Planner planner = new Planner(observed, set, policy);
    return text == null
        ? Optional.empty()
        : planner.members().stream()
            .filter(member -> member.ordinal() == ordinal)
            .findFirst()
            .map(member ->
                new Step.Note(
                    ordinal,
                    member.record(),
                    Unlocked.refused(member, Template.idOf(text), message, observed.now())));
  }

  static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }
}
