package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.freeze.Stance;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.PodOwners;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.ScaledResource.Status;
import dev.ebb.runtime.model.WakeCount;
import dev.ebb.scaler.ScaleTarget;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what should become of one resource. Stateless; the same input gives the same plan. */
public final class Planner {

  /** What no informer tells is looked at this often. */
  private static final Duration SLOW_LOOK = Duration.ofSeconds(30);

  /** What only another's change can open is looked at this often, in case that was missed. */
  private static final Duration STUCK_LOOK = Duration.ofMinutes(1);

  static final String NO_GATEWAY =
      "no gateway replica is ready, so traffic goes directly to the pods until one is; look at the"
          + " dlx-gateway pods";

  /** The reason of what follows from a freeze. */
  private static final String FROZEN = "Frozen";

  private static final Duration SOONEST_LOOK = Duration.ofMillis(50);

  private final Settings settings;

  /** Creates a planner. */
  public Planner(Settings settings) {
    this.settings = settings;
  }

  /** Decides. */
  public Plan plan(Observed observed) {
    Validation.Findings findings = Validation.check(observed);
    ScaleTarget target = findings.target();
    TargetView.Found found = findings.found();
    State state = State.Unknown;
    boolean ready = false;
    if (target != null && found != null && !findings.loses()) {
      state = States.of(observed, target, found);
      ready = States.anyReady(observed, target, found);
    }
    Handover.Result handover = Handover.judge(observed, settings, findings, ready, state);
    Reversals reversals = reversals(observed, found, state);
    List<Problem> problems = problems(observed, findings, handover, reversals);
    Gates.Adoption adoption = adoption(observed, findings, handover);
    Instant activeUntil = activeUntil(observed, state);
    List<Gate> gates =
        new ArrayList<>(Gates.of(observed, settings, findings, handover, adoption, activeUntil));
    gates.add(
        Gate.of(
            "NotContested",
            !reversals.disputed(observed.resource().metadata().generation()),
            reversals.count() + " reversals"));
    Draft draft =
        new Draft(
            observed, findings, state, handover, adoption, reversals, activeUntil, problems, gates);
    List<Step> steps = steps(draft);
    return new Plan(Statuses.of(draft, steps), problems, steps, gates, lookAgain(draft));
  }

  private static List<Problem> problems(
      Observed observed,
      Validation.Findings findings,
      Handover.Result handover,
      Reversals reversals) {
    List<Problem> problems =
        new ArrayList<>(
            Stream.concat(findings.problems().stream(), handover.problems().stream()).toList());
    if (reversals.disputed(observed.resource().metadata().generation())) {
      problems.add(
          Problem.staysUp(
              ConditionTypes.READY,
              "ReplicasContested",
              "%s set the replicas up again %d times after Ebb's sleep; take spec.replicas out of its"
                      .formatted(reversals.manager(), Reversals.DISPUTE)
                  + " manifest, then change the ScaledResource"));
    }
    observed
        .freeze()
        .ifPresent(
            freeze -> problems.add(Problem.note(ConditionTypes.FROZEN, FROZEN, freeze.message())));
    if (handover.bypassed()) {
      problems.add(Problem.note(ConditionTypes.BYPASSED, "NoGatewayReady", NO_GATEWAY));
    }
    return problems;
  }

  /** A sleep that another hand undid: seen once, because the state changes with it. */
  private static Reversals reversals(
      Observed observed, TargetView.@Nullable Found found, State state) {
    Reversals before = Reversals.of(observed.resource());
    Status status = observed.resource().status();
    boolean slept =
        (status.state() == State.Asleep || status.state() == State.Settling)
            && Objects.equals(status.replicas(), 0);
    boolean up = state == State.Waking || state == State.Awake;
    if (!slept || !up || found == null) {
      return before;
    }
    String writer = found.scale().writer();
    return writer == null || !States.otherHand(observed, writer)
        ? before
        : before.plus(writer, observed.resource().metadata().generation(), observed.now());
  }

  private Gates.Adoption adoption(
      Observed observed, Validation.Findings findings, Handover.Result handover) {
    Status status = observed.resource().status();
    if (findings.unreadable()) {
      return new Gates.Adoption(status.adoptedAt(), status.bypassGraceUntil());
    }
    Instant adoptedAt = status.adoptedAt();
    boolean adopted = adoptedAt == null ? handover.complete() : handover.keyed();
    if (!adopted || findings.target() == null || findings.found() == null) {
      return new Gates.Adoption(null, null);
    }
    Instant at = adoptedAt == null ? observed.now().truncatedTo(ChronoUnit.MILLIS) : adoptedAt;
    if (!connectedBefore(at, observed, findings.target(), findings.found())) {
      return new Gates.Adoption(at, null);
    }
    if (adoptedAt != null && status.bypassGraceUntil() != null) {
      return new Gates.Adoption(at, status.bypassGraceUntil());
    }
    // Or such a pod was not heard of yet when the traffic was taken over.
    Duration window = findings.idleAfter() == null ? Duration.ZERO : findings.idleAfter();
    Duration grace =
        window.compareTo(settings.adoptionGrace()) > 0 ? window : settings.adoptionGrace();
    return new Gates.Adoption(at, at.plus(grace));
  }

  /**
   * Returns whether a pod is there that callers may have been connected to before the hand-over.
   */
  private boolean connectedBefore(
      Instant adoptedAt, Observed observed, ScaleTarget target, TargetView.Found found) {
    return observed.pods().stream()
        .filter(pod -> PodOwners.owns(target, found.scale().selector(), pod) && !pod.finished())
        .anyMatch(pod -> !youngerThan(pod, settings.newPodAge(), adoptedAt));
  }

  private static boolean youngerThan(Pod pod, Duration age, Instant now) {
    Instant created = pod.metadata().creationTimestamp();
    return created != null && created.plus(age).isAfter(now);
  }

  /** Traffic, and a wake by whatever hand: what was just started is not idle. */
  private static Instant activeUntil(Observed observed, State state) {
    Instant now = observed.now();
    Instant traffic = observed.activity().lastActivity(observed.resource().key(), now);
    if (state != State.Awake && state != State.Waking) {
      return traffic;
    }
    Instant woken =
        observed
            .resource()
            .status()
            .condition(ConditionTypes.ASLEEP)
            .filter(c -> c.status().equals("False"))
            .map(Condition::lastTransitionTime)
            .orElse(now);
    Status status = observed.resource().status();
    if (Objects.equals(status.replicas(), 0)) {
      // It was at zero when last seen, asleep or not: somebody has just started it.
      return now;
    }
    // Written down with each change of state, so that such a start is not forgotten.
    Instant told = status.lastActivityTime() == null ? woken : status.lastActivityTime();
    return Stream.of(traffic, woken, told).max(Comparator.naturalOrder()).orElse(now);
  }

  private static List<Step> steps(Draft d) {
    List<Step> steps = new ArrayList<>();
    ScaledResource resource = d.observed().resource();
    Stance stance = d.observed().stance();
    boolean handsOff = stance == Stance.REPORT || stance == Stance.REST;
    if (stance == Stance.REST && pauseOver(d.observed())) {
      steps.add(new Step.Resume(Pause.of(resource.metadata()).orElseThrow().before()));
      return steps;
    }
    if (handsOff || d.findings().loses() || d.findings().unreadable()) {
      return steps;
    }
    if (stance == Stance.WAKE) {
      wakeIf(true, FROZEN, d, steps);
      return steps;
    }
    if (!d.findings().refused()
        && !resource.metadata().finalizers().contains(ScaledResource.FINALIZER)) {
      steps.add(new Step.AddFinalizer());
    }
    if (!d.reversals().equals(Reversals.of(resource))) {
      steps.add(new Step.Annotate(Reversals.ANNOTATION, d.reversals().text()));
    }
    forgetNotes(d.observed(), steps);
    TargetView.Found found = d.findings().found();
    if (d.state() == State.Awake && found != null && found.scale().writer() == null) {
      // Where nobody says who wrote a zero, the remembered count does: of this sleep, not of an
      // old.
      forgetSleep(resource, steps);
    }
    boolean mustWake = d.problems().stream().anyMatch(p -> p.weight() != Problem.Weight.NOTE);
    Problem gravest = Messages.gravest(d.problems());
    wakeIf(mustWake, gravest == null ? "Refused" : gravest.reason(), d, steps);
    steps.addAll(d.handover().steps());
    boolean up = d.state() == State.Awake || d.state() == State.Waking;
    if (up && found != null && steps.isEmpty() && d.gates().stream().allMatch(Gate::open)) {
      steps.add(new Step.Sleep(found.scale().desired()));
    }
    return steps;
  }

  /** A freeze leaves the mode as it is, too. */
  private static boolean pauseOver(Observed observed) {
    return observed.freeze().isEmpty()
        && Pause.of(observed.resource().metadata())
            .filter(pause -> pause.over(observed.now()))
            .isPresent();
  }

  /** What was noted for a pause or a sleep that is over must not count for the next one. */
  private static void forgetNotes(Observed observed, List<Step> steps) {
    Map<String, String> notes = observed.resource().metadata().annotations();
    Stream.of(Pause.UNTIL, Pause.BEFORE)
        .filter(notes::containsKey)
        .forEach(key -> steps.add(new Step.Annotate(key, "")));
    SleepWish.of(observed.resource())
        .filter(wish -> wish.over(observed.now()))
        .ifPresent(wish -> steps.add(new Step.Annotate(SleepWish.ANNOTATION, "")));
  }

  /** Wakes what Ebb put to sleep. */
  private static void wakeIf(boolean must, String why, Draft d, List<Step> steps) {
    boolean atZero = d.state() == State.Asleep || d.state() == State.Settling;
    ScaleTarget target = d.findings().target();
    if (must && atZero && target != null && sleptByUs(d.observed(), d.findings().found())) {
      steps.add(new Step.Wake(wakeCount(d.observed(), target), why));
    }
  }

  private static void forgetSleep(ScaledResource resource, List<Step> steps) {
    if (resource.metadata().annotations().containsKey(ScaledResource.REMEMBERED_REPLICAS)) {
      steps.add(new Step.Annotate(ScaledResource.REMEMBERED_REPLICAS, ""));
    }
  }

  /** Returns with how many replicas a workload is woken. */
  public static int wakeCount(Observed observed, ScaleTarget target) {
    ScaledResource resource = observed.resource();
    return WakeCount.of(
        resource.spec().replicas(), resource.remembered(), States.hpas(observed, target));
  }

  private static boolean sleptByUs(Observed observed, TargetView.@Nullable Found found) {
    return found != null && States.zeroByEbb(observed, found.scale());
  }

  private @Nullable Duration lookAgain(Draft d) {
    Instant now = d.observed().now();
    boolean up = d.state() == State.Awake || d.state() == State.Waking;
    TargetView.Found found = d.findings().found();
    boolean informed = found != null && found.workload() != null;
    Stream<Instant> gates =
        up ? d.gates().stream().map(Gate::opensAt).filter(Objects::nonNull) : Stream.empty();
    Stream<Instant> others =
        Stream.concat(
            Stream.ofNullable(d.handover().opensAt()),
            Pause.of(d.observed().resource().metadata()).map(Pause::until).stream());
    boolean stuck =
        up && d.gates().stream().anyMatch(g -> !g.open() && g.opensAt() == null && !traffic(g));
    Stream<Instant> slow =
        informed && !stuck
            ? Stream.empty()
            : Stream.of(now.plus(informed ? STUCK_LOOK : SLOW_LOOK));
    return Stream.of(gates, others, slow)
        .flatMap(s -> s)
        .filter(at -> at.isAfter(now))
        .min(java.util.Comparator.naturalOrder())
        .map(at -> Duration.between(now, at))
        .map(wait -> wait.compareTo(SOONEST_LOOK) < 0 ? SOONEST_LOOK : wait)
        .orElse(null);
  }

  // A busy resource cannot be idle before its window has passed, which the gate Idle says.
  private static boolean traffic(Gate gate) {
    return gate.name().equals("NotBusy");
  }
}
