package dev.ebb.cleanup.reconcile;

import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.plan.Plan;
import dev.ebb.cleanup.plan.Step;
import dev.ebb.runtime.model.Quantity;
import dev.ebb.scaler.ResourceKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the last decisions were, for metrics: how many ordinals are in which state, how long
 * cleanups took, what was freed. Nothing is decided on it. Thread-safe.
 */
public final class Observations {

  private final Map<ResourceKey, List<State>> seen = new ConcurrentHashMap<>();
  private final MeterRegistry meters;

  /** Creates it with its gauges. */
  public Observations(MeterRegistry meters) {
    this.meters = meters;
    for (State state : State.values()) {
      meters.gauge(
          "ebb_cleanup_ordinals",
          Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
          seen,
          all -> all.values().stream().flatMap(List::stream).filter(s -> s == state).count());
    }
    meters.counter("ebb_cleanup_pods_made");
    meters.counter("ebb_cleanup_claims_deleted");
    meters.timer("ebb_cleanup_duration");
    List.of("done", "failed", "given-up")
        .forEach(result -> meters.counter("ebb_cleanup_ends", "result", result));
    meters.counter("ebb_cleanup_freed_bytes");
  }

  void decided(ResourceKey key, Plan plan) {
    List<State> states =
        plan.ordinals().stream().map(Plan.Ordinal::state).filter(state -> state != null).toList();
    if (states.isEmpty()) {
      seen.remove(key);
    } else {
      seen.put(key, states);
    }
  }

  void forget(ResourceKey key) {
    seen.remove(key);
  }

  void taken(Step step, Instant now) {
    switch (step) {
      case Step.CreatePod create -> meters.counter("ebb_cleanup_pods_made").increment();
      case Step.DeleteClaim delete -> {
        meters.counter("ebb_cleanup_claims_deleted").increment();
        meters
            .counter("ebb_cleanup_freed_bytes")
            .increment(Quantity.bytes(delete.claim().size()).orElse(0L));
      }
      case Step.Note note -> noted(note, now);
      default -> {}
    }
  }

  private void noted(Step.Note note, Instant now) {
    ScaleDownCleanup.Status before =
        note.record() == null ? ScaleDownCleanup.Status.NONE : note.record().status();
    State after = note.status().state();
    if (after == null || after == before.state()) {
      return;
    }
    String result =
        switch (after) {
          case Done, Kept -> "done";
          case Retrying, Held -> "failed";
          case Skipped, Cancelled -> "given-up";
          default -> "";
        };
    if (result.isEmpty()) {
      return;
    }
    meters.counter("ebb_cleanup_ends", "result", result).increment();
    Instant started = note.status().startedAt();
    if (result.equals("done") && started != null) {
      meters.timer("ebb_cleanup_duration").record(Duration.between(started, now));
    }
  }
}
