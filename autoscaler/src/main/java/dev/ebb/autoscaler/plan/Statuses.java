package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Conditions;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.ScaledResource.Status;
import dev.ebb.runtime.model.ScaledResource.Transition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes down what was found and decided, as users read it. Stateless. */
final class Statuses {

  private Statuses() {}

  static Status of(Draft d, List<Step> steps) {
    ScaledResource resource = d.observed().resource();
    boolean falling = steps.stream().anyMatch(Step.Sleep.class::isInstance);
    State state = falling ? State.Settling : d.state();
    TargetView.Found found = d.findings().found();
    Instant last = resource.status().lastActivityTime();
    // Coarse on purpose: refreshed only together with a change of state, so that idle writes
    // nothing.
    if (last == null || resource.status().state() != state) {
      last = d.activeUntil().truncatedTo(ChronoUnit.SECONDS);
    }
    String summary = Messages.of(resource, state, d.findings(), d.handover(), d.problems());
    return new Status(
        resource.metadata().generation(),
        conditions(d, state, summary),
        state,
        found == null ? null : found.scale().desired(),
        resource.remembered(),
        found == null ? null : found.scale().selector(),
        d.handover().published(),
        last,
        next(d.observed(), state),
        d.adoption().at(),
        d.adoption().graceUntil(),
        summary);
  }

  private static @Nullable Transition next(Observed observed, State state) {
    ScaledResource resource = observed.resource();
    if (resource.mode() == Mode.Paused) {
      return Pause.of(resource.metadata())
          .map(Pause::until)
          .map(until -> new Transition(until, "Resumed", "PauseEnds"))
          .orElse(null);
    }
    boolean frozen = observed.freeze().isPresent();
    return switch (state) {
      case Awake -> frozen ? null : new Transition(null, "Asleep", "IdleAfter");
      case Settling -> new Transition(null, "Asleep", "Idle");
      case Asleep -> new Transition(null, "Waking", "FirstRequest");
      case Waking -> new Transition(null, "Awake", "PodReady");
      case Off, Unknown -> null;
    };
  }

  private static List<Condition> conditions(Draft d, State state, String summary) {
    Observed o = d.observed();
    Conditions conditions =
        new Conditions(
            o.resource().status().conditions(), o.resource().metadata().generation(), o.now());
    List<Problem> problems = d.problems();
    Problem gravest = Messages.gravest(problems);
    boolean complete = d.handover().complete();
    conditions.set(
        ConditionTypes.READY,
        gravest == null && complete && o.gateway().ready(),
        gravest != null ? gravest.reason() : readyReason(d),
        summary);
    judged(conditions, ConditionTypes.VALID, problems, "Valid", "the spec can be understood");
    judged(conditions, ConditionTypes.TARGET, problems, "Found", "the target is there");
    if (d.findings().found() == null || d.findings().loses()) {
      conditions.set(ConditionTypes.SERVICES, "Unknown", "TargetUnknown", "waits for the target");
    } else {
      judged(conditions, ConditionTypes.SERVICES, problems, "Mapped", mapped(d));
    }
    conditions.set(
        ConditionTypes.GATEWAY,
        o.gateway().ready(),
        o.gateway().ready() ? "Ready" : "NoGatewayReady",
        o.gateway().ready()
            ? "a gateway replica is ready"
            : "no gateway replica is ready; look at the dlx-gateway pods");
    if (complete || d.handover().contested()) {
      judged(
          conditions,
          ConditionTypes.HANDED_OVER,
          problems,
          "Complete",
          "all traffic runs through the gateway");
    } else {
      conditions.set(ConditionTypes.HANDED_OVER, false, "Incomplete", waiting(d));
    }
    asleep(conditions, state);
    if (d.handover().bypassed()
        || o.resource().status().condition(ConditionTypes.BYPASSED).isPresent()) {
      bypassed(conditions, d.handover().bypassed());
    }
    frozen(conditions, o);
    return conditions.list();
  }

  /** Sets a condition from its problems: the gravest names the reason, all are told. */
  private static void judged(
      Conditions conditions,
      String type,
      List<Problem> problems,
      String goodReason,
      String goodMessage) {
    List<Problem> own =
        problems.stream()
            .filter(p -> p.condition().equals(type))
            .sorted(Comparator.comparing(Problem::weight).reversed())
            .toList();
    if (own.isEmpty()) {
      conditions.set(type, true, goodReason, goodMessage);
      return;
    }
    Problem gravest = own.getFirst();
    String message = own.stream().map(Problem::message).collect(Collectors.joining(". "));
    conditions.set(type, gravest.weight() == Problem.Weight.NOTE, gravest.reason(), message);
  }

  private static void bypassed(Conditions conditions, boolean now) {
    conditions.set(
        ConditionTypes.BYPASSED,
        now,
        now ? "NoGatewayReady" : "GatewayReady",
        now ? Planner.NO_GATEWAY : "traffic runs through the gateway again");
  }

  private static void frozen(Conditions conditions, Observed o) {
    if (o.freeze().isPresent()) {
      Freeze freeze = o.freeze().get();
      conditions.set(ConditionTypes.FROZEN, true, freeze.scope().reason(), freeze.message());
    } else if (o.resource().status().condition(ConditionTypes.FROZEN).isPresent()) {
      conditions.set(ConditionTypes.FROZEN, false, "NotFrozen", "nothing is frozen");
    }
  }

  private static void asleep(Conditions conditions, State state) {
    boolean asleep = state == State.Asleep;
    conditions.set(
        ConditionTypes.ASLEEP,
        state == State.Unknown ? "Unknown" : asleep ? "True" : "False",
        state == State.Off ? "StoppedByOther" : state.name(),
        state == State.Off
            ? "somebody else set 0 replicas, so no request wakes it; scale it up, or set"
                + " spec.adoptZero"
            : Messages.what(state));
  }

  private static String readyReason(Draft d) {
    if (!d.observed().gateway().ready()) {
      return "NoGatewayReady";
    }
    return d.handover().complete() ? "Managed" : "HandingOver";
  }

  private static String mapped(Draft d) {
    return "the gateway serves "
        + String.join(
            ", ",
            d.findings().mapping().services().stream().map(s -> s.metadata().name()).toList());
  }

  private static String waiting(Draft d) {
    return d.handover().waiting().isEmpty()
        ? "the hand-over is not in place"
        : "waits for " + String.join(", ", d.handover().waiting());
  }
}
