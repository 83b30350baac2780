package dev.ebb.autoscaler.activity;

import dev.ebb.autoscaler.plan.ActivityView;
import dev.ebb.autoscaler.plan.ActivityView.Counters;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one gateway replica last said. Thread-safe. */
final class ReplicaState {

  private final String address;
  private final Duration silence;
  private String instance = "";
  private @Nullable Instant lastEvent;
  private Instant activeUntil;
  private Map<ResourceKey, Counters> resources = Map.of();

  ReplicaState(String address, Duration silence, Instant listed) {
    this.address = address;
    this.silence = silence;
    this.activeUntil = listed;
  }

  /** Takes a snapshot; a start or a return from silence counts as activity of all resources. */
  synchronized void accept(ActivityEvent event, Instant now) {
    // Read whole before any of it counts: half an event must not make the old counters look fresh.
    Map<ResourceKey, Counters> next = read(event, now);
    Instant before = lastEvent;
    boolean wasSilent = before == null || before.plus(silence).isBefore(now);
    if (wasSilent || !event.instance().equals(instance)) {
      activeUntil = now;
    }
    instance = event.instance();
    lastEvent = now;
    resources = next;
  }

  private static Map<ResourceKey, Counters> read(ActivityEvent event, Instant now) {
    Map<ResourceKey, Counters> next = new HashMap<>();
    for (ActivityEvent.Entry entry : event.resources()) {
      Long idle = entry.idleMillis();
      next.put(
          new ResourceKey(entry.namespace(), entry.name()),
          new Counters(
              entry.inFlight(),
              entry.held(),
              entry.open(),
              idle == null ? null : now.minusMillis(Math.max(0, idle))));
    }
    return next;
  }

  synchronized ActivityView.Replica view() {
    return new ActivityView.Replica(address, lastEvent, activeUntil, resources);
  }
}
