package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.State;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in one sentence what a resource does, without anything that changes by itself. */
final class Messages {

  private Messages() {}

  static String of(
      ScaledResource resource,
      State state,
      Validation.Findings findings,
      Handover.Result handover,
      List<Problem> problems) {
    Problem gravest = gravest(problems);
    if (gravest != null) {
      return gravest.message();
    }
    if (resource.mode() == Mode.Paused) {
      return paused(resource, state, handover);
    }
    Problem frozen =
        problems.stream()
            .filter(p -> p.condition().equals(ConditionTypes.FROZEN))
            .findFirst()
            .orElse(null);
    if (frozen != null) {
      return what(state) + "; " + frozen.message();
    }
    if (handover.bypassed()) {
      return what(state) + "; traffic goes past the gateway because none is ready";
    }
    if (!handover.complete()) {
      return what(state)
          + "; the hand-over to the gateway is not complete"
          + (handover.waiting().isEmpty() ? "" : ": waits for " + handover.waiting().getFirst());
    }
    Duration idle = findings.idleAfter();
    return state == State.Awake && idle != null
        ? "awake; sleeps after " + Durations.format(idle) + " without traffic"
        : what(state);
  }

  private static String paused(ScaledResource resource, State state, Handover.Result handover) {
    String until =
        Pause.of(resource.metadata())
            .map(pause ->
                pause.until() == null
                    ? "; annotation " + Pause.UNTIL + " is not a time, so it does not end by itself"
                    : " until " + pause.until())
            .orElse("");
    boolean zero = state == State.Asleep || state == State.Settling;
    return (zero ? "at 0 replicas" : what(state))
        + "; paused"
        + until
        + (zero ? "; callers get 503 until it is resumed" : "")
        + (zero && !handover.complete()
            ? ", and nobody answers at Services that do not lead to the gateway"
            : "");
  }

  static String what(State state) {
    return switch (state) {
      case Awake -> "awake";
      case Settling -> "going to sleep";
      case Asleep -> "asleep; the first request wakes it";
      case Waking -> "wanted up, and no pod is ready yet";
      case Off -> "stopped by somebody else";
      case Unknown -> "not known";
    };
  }

  static @Nullable Problem gravest(List<Problem> problems) {
    return problems.stream()
        .filter(p -> p.weight() != Problem.Weight.NOTE)
        .max(Comparator.comparing(Problem::weight))
        .orElse(null);
  }
}
