package dev.ebb.timescaler.reconcile;

import dev.ebb.scaler.ResourceKey;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.KedaStep;
import dev.ebb.timescaler.plan.Plan;
import dev.ebb.timescaler.plan.ResourceStep;
import dev.ebb.timescaler.plan.TargetStep;
import dev.ebb.timescaler.plan.WorkloadStep;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the last decisions were, for metrics: how many resources of a kind are in which state, and
 * when the next transition is. Nothing is decided on it. Thread-safe.
 */
public final class Observations {

  /** How one is doing; the values of the label {@code state}. */
  enum State {
    /** The target says what is in force. */
    APPLIED,
    /** The target should say something else, and nobody asked for that. */
    FAILING,
    /** It is left alone because somebody wants it so. */
    HELD,
    /** The spec cannot be understood. */
    INVALID
  }

  private record Seen(State state, Instant next) {}

  private final Map<ResourceKey, Seen> seen = new ConcurrentHashMap<>();
  private final MeterRegistry meters;
  private final Tags kind;

  /**
   * Creates it with its gauges.
   *
   * @param kind what is observed, as in {@code servicescaler}
   */
  public Observations(MeterRegistry meters, String kind) {
    this.meters = meters;
    this.kind = Tags.of("kind", kind);
    for (State state : State.values()) {
      meters.gauge(
          "ebb_timescaler_scalers",
          this.kind.and("state", state.name().toLowerCase(Locale.ROOT)),
          seen,
          all -> all.values().stream().filter(s -> s.state() == state).count());
    }
    meters.gauge(
        "ebb_timescaler_next_transition_timestamp_seconds",
        this.kind,
        seen,
        all ->
            all.values().stream()
                .map(Seen::next)
                .filter(next -> !next.equals(Instant.MAX))
                .mapToLong(Instant::getEpochSecond)
                .min()
                .orElse(0));
  }

  void decided(ResourceKey key, Plan plan, boolean done) {
    wrote(plan.taken(), done);
    decided(key, plan.taken(), plan.next(), done);
  }

  /** Notes how a schedule is doing; {@link #wrote} counts its writes. */
  void decided(
      ResourceKey key, TargetStep taken, Optional<Schedule.Transition> next, boolean done) {
    seen.put(
        key,
        new Seen(
            done ? state(taken) : State.FAILING,
            next.map(Schedule.Transition::at).orElse(Instant.MAX)));
  }

  /** Counts a write to a target, if the step is one. */
  void wrote(TargetStep taken, boolean done) {
    boolean write =
        switch (taken) {
          case HpaStep.Create create -> true;
          case HpaStep.Change change -> true;
          case ResourceStep change -> true;
          case KedaStep change -> true;
          case WorkloadStep change -> true;
          default -> false;
        };
    if (write) {
      meters
          .counter("ebb_timescaler_target_writes", kind.and("result", done ? "done" : "refused"))
          .increment();
    }
  }

  private static State state(TargetStep taken) {
    return switch (taken) {
      case HpaStep.HandsOff off when off.reason().equals("Invalid") -> State.INVALID;
      case HpaStep.LetGo letGo -> State.HELD;
      case HpaStep.HandsOff off -> off.wanted() ? State.HELD : State.FAILING;
      default -> State.APPLIED;
    };
  }

  void forget(ResourceKey key) {
    seen.remove(key);
  }
}
