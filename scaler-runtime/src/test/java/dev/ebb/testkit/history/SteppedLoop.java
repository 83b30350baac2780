package dev.ebb.testkit.history;

import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands in the place of a loop's threads: a queue that a test empties one key after the other, in
 * the clock's time, so that the same history runs the same way. Keys are added by any thread.
 */
public final class SteppedLoop {

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Reconciler<ResourceKey> reconciler;
  private final SteppedClock clock;
  private final Map<ResourceKey, Instant> due = new ConcurrentHashMap<>();

  /** Creates an empty queue. */
  public SteppedLoop(Reconciler<ResourceKey> reconciler, SteppedClock clock) {
    this.reconciler = reconciler;
    this.clock = clock;
  }

  /** Adds a key, to be looked at now. */
  public void add(ResourceKey key) {
    due.put(key, Instant.EPOCH);
  }

  /** Returns when the next key is due. */
  public Optional<Instant> next() {
    return due.values().stream().min(Comparator.naturalOrder());
  }

  /**
   * Reconciles the key that is due first, if one is due now; returns whether one was. What the API
   * refuses is tried again a second later.
   */
  public boolean reconcileOne() throws Exception {
    Optional<ResourceKey> first =
        due.entrySet().stream()
            .filter(e -> !e.getValue().isAfter(clock.instant()))
            .min(
                Map.Entry.<ResourceKey, Instant>comparingByValue()
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey);
    if (first.isEmpty()) {
      return false;
    }
    ResourceKey key = first.get();
    due.remove(key);
    try {
      Reconciler.Result result = reconciler.reconcile(key);
      if (result.requeueAfter() != null) {
        due.putIfAbsent(key, clock.instant().plus(result.requeueAfter()));
      }
    } catch (KubeException e) {
      due.putIfAbsent(key, clock.instant().plus(RETRY));
    }
    return true;
  }
}
