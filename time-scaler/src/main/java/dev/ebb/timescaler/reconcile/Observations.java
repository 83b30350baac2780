package dev.ebb.timescaler.reconcile;

import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.Plan;
import dev.ebb.timescaler.plan.Schedule;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the last decisions were, for metrics: how many ServiceScalers are in which state, and when
 * the next transition is. Nothing is decided on it. Thread-safe.
 */
public final class Observations {

  /** How a ServiceScaler is doing; the values of the label {@code state}. */
  enum State {
    /** The HPA says what is in force. */
    APPLIED,
    /** The HPA should say something else, and nobody asked for that. */
    FAILING,
    /** It is left alone because somebody wants it so. */
    HELD,
    /** The spec cannot be understood. */
    INVALID
  }

  private record Seen(State state, Instant next) {}

  private final Map<ResourceKey, Seen> seen = new ConcurrentHashMap<>();
  private final MeterRegistry meters;

  /** Creates it with its gauges. */
  public Observations(MeterRegistry meters) {
    this.meters = meters;
    for (State state : State.values()) {
      meters.gauge(
          "ebb_timescaler_scalers",
          Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
          seen,
          all -> all.values().stream().filter(s -> s.state() == state).count());
    }
    meters.gauge(
        "ebb_timescaler_next_transition_timestamp_seconds",
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
    HpaStep taken = plan.taken();
    boolean wrote = taken instanceof HpaStep.Create || taken instanceof HpaStep.Change;
    if (wrote) {
      meters.counter("ebb_timescaler_hpa_writes", "result", done ? "done" : "refused").increment();
    }
    seen.put(
        key,
        new Seen(
            done ? state(plan) : State.FAILING,
            plan.next().map(Schedule.Transition::at).orElse(Instant.MAX)));
  }

  private static State state(Plan plan) {
    if (plan.inForce() == null) {
      return State.INVALID;
    }
    return switch (plan.taken()) {
      case HpaStep.LetGo letGo -> State.HELD;
      case HpaStep.HandsOff off -> off.wanted() ? State.HELD : State.FAILING;
      default -> State.APPLIED;
    };
  }

  void forget(ResourceKey key) {
    seen.remove(key);
  }
}
