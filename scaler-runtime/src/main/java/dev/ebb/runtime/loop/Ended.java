package dev.ebb.runtime.loop;

import dev.ebb.runtime.kube.KubeException;
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

  /**
   * Returns when to try again after so many failures in a row: never sooner than the API server
   * asked for.
   */
  Duration retryAfter(int failures) {
    Duration delay = Failures.delay(failures);
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof KubeException refused && refused.retryAfter().compareTo(delay) > 0) {
        return refused.retryAfter();
      }
    }
    return delay;
  }
}
