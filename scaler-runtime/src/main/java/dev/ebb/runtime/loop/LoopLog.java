package dev.ebb.runtime.loop;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in a loop's log what failed and what follows. Thread-safe. */
final class LoopLog {

  private static final Logger log = LoggerFactory.getLogger(ReconcileLoop.class);
  private static final int LONGEST_TEXT = 500;

  private final String name;
  private final Duration deadline;

  /** Creates the log of a loop. */
  LoopLog(String name, Duration deadline) {
    this.name = name;
    this.deadline = deadline;
  }

  /** Returns a failure in a line. Does not throw, whatever was thrown. */
  String describe(Outcome outcome, @Nullable Throwable failure) {
    if (outcome == Outcome.TIMEOUT) {
      return "ran longer than " + deadline;
    }
    try {
      String text = String.valueOf(failure);
      return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
    } catch (RuntimeException e) {
      return failure == null ? "unknown" : failure.getClass().getName();
    }
  }

  /** A key that is added is not taken. */
  void refused(Object key) {
    log.debug("{} {}: not taken, the loop is closed", name, key);
  }

  /** A reconcile is interrupted. */
  void interrupted(Object key, String why) {
    log.warn("{} {}: interrupted, {}", name, key, why);
  }

  /** The loop was closed with keys that wait. */
  void left(int keys) {
    log.info("{}: closed, {} keys that wait are left to the next process", name, keys);
  }

  /** The loop was closed, and somebody does not heed the interrupt. */
  void stillRunning() {
    log.warn("{}: closed while keys are still being reconciled", name);
  }

  /** A worker goes on after something else than a reconcile failed. */
  void workerFailed(Throwable failure) {
    log.error("{}: a worker failed outside of a reconcile and goes on", name, failure);
  }

  /**
   * A reconcile failed. A bug shows its stack trace the first time.
   *
   * @param count how often in a row
   * @param again after which time it is tried again; null if that waits for a change
   */
  void failed(
      Object key,
      Outcome outcome,
      @Nullable Throwable failure,
      int count,
      @Nullable Duration again) {
    String what = describe(outcome, failure);
    String then =
        again == null ? "waiting for a change" : "trying again in " + again.toMillis() + " ms";
    if (outcome == Outcome.PANIC && count == 1) {
      log.error("{} {}: {}, {}", name, key, what, then, failure);
    } else {
      log.warn("{} {}: {}, {}", name, key, what, then);
      log.debug("{} {} failed", name, key, failure);
    }
  }
}
