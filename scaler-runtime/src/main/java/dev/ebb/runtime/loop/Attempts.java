package dev.ebb.runtime.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is being reconciled, since when, and whose time is up. Not thread-safe.
 *
 * @param <K> the key of an object
 */
final class Attempts<K> {

  /** One reconcile of a key. Compared by identity. */
  static final class Attempt<K> {
    private final K key;
    private final Priority priority;
    private final Thread worker;
    private final long started;
    private boolean overdue;

    private Attempt(K key, Priority priority, Thread worker, long started) {
      this.key = key;
      this.priority = priority;
      this.worker = worker;
      this.started = started;
    }

    /** Returns what is reconciled. */
    K key() {
      return key;
    }

    /** Returns the priority with which it was taken. */
    Priority priority() {
      return priority;
    }

    /** Returns the thread that reconciles. */
    Thread worker() {
      return worker;
    }

    /** Returns when it began, in nanoseconds of the monotonic clock. */
    long started() {
      return started;
    }

    /** Returns whether its time was up before it ended. */
    boolean overdue() {
      return overdue;
    }
  }

  private final long deadline;
  private final Set<Attempt<K>> running = new LinkedHashSet<>();

  /** Creates an empty set of attempts with a deadline for each. */
  Attempts(Duration deadline) {
    this.deadline = deadline.toNanos();
  }

  /** Begins to reconcile a key on the calling thread. */
  Attempt<K> begin(K key, Priority priority, long now) {
    Attempt<K> attempt = new Attempt<>(key, priority, Thread.currentThread(), now);
    running.add(attempt);
    return attempt;
  }

  /** Ends a reconcile. */
  void end(Attempt<K> attempt) {
    running.remove(attempt);
  }

  /** Returns the attempts whose time is up now; each is returned once. */
  List<Attempt<K>> expire(long now) {
    List<Attempt<K>> expired = new ArrayList<>();
    for (Attempt<K> attempt : running) {
      if (!attempt.overdue && now - attempt.started >= deadline) {
        attempt.overdue = true;
        expired.add(attempt);
      }
    }
    return expired;
  }

  /** Returns for how many nanoseconds nobody's time is up; {@link WorkQueue#NEVER} for never. */
  long untilOverdue(long now) {
    return running.stream()
        .filter(attempt -> !attempt.overdue)
        .mapToLong(attempt -> deadline - (now - attempt.started))
        .min()
        .orElse(WorkQueue.NEVER);
  }

  /** Returns all that run, the longest first. */
  List<Attempt<K>> running() {
    return List.copyOf(running);
  }

  /** Returns how many run. */
  int size() {
    return running.size();
  }

  /** Returns for how long all that run have run, added up. */
  long nanosUnfinished(long now) {
    return running.stream().mapToLong(attempt -> now - attempt.started).sum();
  }

  /** Returns for how long the longest has run. */
  long nanosLongest(long now) {
    return running.stream().mapToLong(attempt -> now - attempt.started).max().orElse(0);
  }
}
