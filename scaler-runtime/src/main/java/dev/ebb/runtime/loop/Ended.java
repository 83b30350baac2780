package dev.ebb.runtime.loop;

import dev.ebb.runtime.loop.Reconciler.Result;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a reconcile ended.
 *
 * @param after when to look again after a success; null for not before something changes
 * @param failure what was thrown; null for nothing
 */
record Ended(Outcome outcome, @Nullable Duration after, @Nullable Throwable failure) {

  /** Reconciles a key. Does not throw, whatever the reconciler does. */
  static <K> Ended reconcile(Reconciler<K> reconciler, K key) {
    try {
      Result result = reconciler.reconcile(key);
      Duration after = result.requeueAfter();
      return new Ended(after == null ? Outcome.SUCCESS : Outcome.REQUEUE_AFTER, after, null);
    } catch (Throwable e) {
      return new Ended(Outcome.of(e), null, e);
    }
  }
}
