package dev.ebb.runtime.loop;

import dev.ebb.runtime.loop.Attempts.Attempt;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A work queue and its workers: each key is reconciled by one worker at a time, keys that are added
 * again meanwhile are reconciled once more, changes go before keys of a list.
 *
 * <p>Whatever a reconcile throws is counted, shown in {@link #status()} and tried again with a
 * delay of the key's own that grows from 5 ms to 30 s and is forgotten after a success; only a
 * {@link TerminalException} waits for a change. A reconcile that runs longer than its deadline is
 * interrupted and tried again like a failure. One that ignores the interrupt keeps its worker,
 * because its key must not be reconciled twice at once; the metrics show it.
 *
 * <p>Takes the place of client-java's {@code DefaultController}: its rate limiter throttles all
 * keys together to ten tries a minute and its back-off starts anew after 64 failures, its delaying
 * queue drops silently, a look at a later time does not end a back-off, and it has no deadline, no
 * priority, and metrics that only its own static registry sees. The tests show each.
 *
 * <p>Thread-safe.
 *
 * @param <K> the key of an object; equals and hashCode identify it
 */
public final class ReconcileLoop<K> implements AutoCloseable {

  /** How long a reconcile that was interrupted by closing has to come to an end. */
  private static final Duration LAST_GRACE = Duration.ofSeconds(1);

  private final String name;
  private final Reconciler<K> reconciler;
  private final LoopSettings settings;
  private final LoopMeters meters;
  private final LoopLog log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition begun = lock.newCondition();
  private final WorkQueue<K> queue = new WorkQueue<>();
  private final Failures<K> failures = new Failures<>();
  private final Attempts<K> attempts;
  private final Set<Thread> workers = new LinkedHashSet<>();
  private @Nullable Instant lastSuccess;
  private @Nullable Instant lastError;
  private boolean started;
  private boolean closed;

  /**
   * Creates a loop with {@link LoopSettings#defaults()}; {@link #start} starts it.
   *
   * @param name the controller's name in metrics and logs
   */
  public ReconcileLoop(String name, Reconciler<K> reconciler, MeterRegistry meters) {
    this(name, reconciler, meters, LoopSettings.defaults());
  }

  /**
   * Creates a loop; {@link #start} starts it.
   *
   * @param name the controller's name in metrics and logs
   * @param settings deadline, grace and clocks
   */
  public ReconcileLoop(
      String name, Reconciler<K> reconciler, MeterRegistry meters, LoopSettings settings) {
    this.name = name;
    this.reconciler = reconciler;
    this.settings = settings;
    this.attempts = new Attempts<>(settings.deadline());
    this.log = new LoopLog(name, settings.deadline());
    this.meters = new LoopMeters(meters, name);
    this.meters.watch(
        this,
        loop -> loop.locked(loop.queue::depth),
        loop -> loop.locked(now -> loop.attempts.size()),
        loop -> loop.locked(now -> loop.workers.size()),
        loop -> loop.locked(loop.attempts::nanosUnfinished),
        loop -> loop.locked(loop.attempts::nanosLongest));
  }

  /**
   * Starts workers on virtual threads. What was added before is the first list; what is added from
   * now on is a change, unless it is said to be otherwise.
   *
   * @param count how many keys may be reconciled at the same time
   */
  public ReconcileLoop<K> start(int count) {
    lock.lock();
    try {
      if (!started) {
        started = true;
        Thread.ofVirtual().name(name + "-deadline").start(this::keepDeadlines);
      }
      for (int i = 0; i < count; i++) {
        workers.add(Thread.ofVirtual().name(name + "-" + workers.size()).start(this::work));
      }
    } finally {
      lock.unlock();
    }
    return this;
  }

  /** Asks for a key to be reconciled as soon as a worker is free, because something changed. */
  public void add(K key) {
    add(key, Priority.CHANGE);
  }

  /** Asks for a key to be reconciled as soon as a worker is free and nothing is more urgent. */
  public void add(K key, Priority priority) {
    add(key, priority, Duration.ZERO);
  }

  /** Asks for a key to be reconciled after a delay; an earlier time already asked for stays. */
  public void addAfter(K key, Duration delay) {
    add(key, Priority.CHANGE, delay);
  }

  private void add(K key, Priority priority, Duration delay) {
    boolean added;
    lock.lock();
    try {
      if (closed) {
        log.refused(key);
        return;
      }
      added = queue.add(key, started ? priority : Priority.LIST, now(), delay);
      changed.signal();
    } finally {
      lock.unlock();
    }
    if (added) {
      meters.added();
    }
  }

  /** Returns how many keys wait, those with a delay included. */
  public int depth() {
    return (int) locked(now -> queue.size());
  }

  /** Returns what the loop does now. */
  public LoopStatus status() {
    lock.lock();
    try {
      long now = now();
      Instant instant = settings.clock().instant();
      int depth = queue.depth(now);
      return new LoopStatus(
          name,
          workers.size(),
          depth,
          queue.size() - depth,
          attempts.running().stream()
              .map(a ->
                  new LoopStatus.Running(
                      String.valueOf(a.key()), instant.minusNanos(now - a.started())))
              .toList(),
          lastSuccess,
          lastError,
          failures.size(),
          failures.worst(LoopStatus.MOST_FAILURES).stream()
              .map(e -> failing(e.getKey(), e.getValue(), now, instant))
              .toList());
    } finally {
      lock.unlock();
    }
  }

  private LoopStatus.Failing failing(K key, Failures.Failure failure, long now, Instant instant) {
    OptionalLong due = queue.due(key);
    return new LoopStatus.Failing(
        String.valueOf(key),
        failure.count(),
        failure.error(),
        due.isPresent() ? instant.plusNanos(due.getAsLong() - now) : null);
  }

  /**
   * Takes no more work, waits for what is being reconciled as long as the settings say, and then
   * interrupts it. What waits is left to the next process, and the log says so.
   */
  @Override
  public void close() {
    Set<Thread> toJoin;
    lock.lock();
    try {
      if (!closed && queue.size() > 0) {
        log.left(queue.size());
      }
      closed = true;
      changed.signalAll();
      begun.signalAll();
      toJoin = Set.copyOf(workers);
    } finally {
      lock.unlock();
    }
    if (!join(toJoin, settings.grace())) {
      interruptRunning();
      if (!join(toJoin, LAST_GRACE)) {
        log.stillRunning();
      }
    }
  }

  private void interruptRunning() {
    lock.lock();
    try {
      for (Attempt<K> attempt : attempts.running()) {
        log.interrupted(attempt.key(), "the loop is closed");
        attempt.worker().interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether all ended in time; false at once when the caller is interrupted. */
  private static boolean join(Set<Thread> threads, Duration timeout) {
    long until = System.nanoTime() + timeout.toNanos();
    boolean all = true;
    for (Thread thread : threads) {
      try {
        all &= thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return all;
  }

  /** Looks at the clock again; for clocks that tests step. */
  void tick() {
    lock.lock();
    try {
      changed.signalAll();
      begun.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void keepDeadlines() {
    lock.lock();
    try {
      while (!closed) {
        attempts.expire(now()).forEach(this::interruptOverdue);
        await(begun, attempts.untilOverdue(now()));
      }
    } finally {
      lock.unlock();
    }
  }

  private void interruptOverdue(Attempt<K> attempt) {
    attempt.worker().interrupt();
    try {
      meters.counted(Outcome.TIMEOUT);
      log.interrupted(attempt.key(), log.describe(Outcome.TIMEOUT, null));
    } catch (Throwable e) {
      log.workerFailed(e);
    }
  }

  private void work() {
    for (Attempt<K> attempt = take(); attempt != null; attempt = take()) {
      try (LoopContext context = LoopContext.of(name, attempt.key())) {
        finish(attempt, Ended.reconcile(reconciler, attempt.key()));
      } catch (Throwable e) {
        log.workerFailed(e);
      }
    }
  }

  private @Nullable Attempt<K> take() {
    lock.lock();
    try {
      while (!closed) {
        long now = now();
        WorkQueue.Entry<K> next = queue.take(now);
        if (next == null) {
          await(changed, queue.untilDue(now));
          continue;
        }
        if (queue.untilDue(now) != WorkQueue.NEVER) {
          // Somebody else has to keep an eye on what is due next.
          changed.signal();
        }
        if (attempts.untilOverdue(now) == WorkQueue.NEVER) {
          begun.signal();
        }
        Attempt<K> attempt = attempts.begin(next.key(), next.priority(), now);
        meters.taken(now - next.due());
        return attempt;
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits under the lock. An interrupt is only ever meant for a reconcile and is ignored here. */
  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private static void await(Condition condition, long nanos) {
    try {
      if (nanos == WorkQueue.NEVER) {
        condition.await();
      } else {
        condition.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      // The caller looks at what it waits for once more.
    }
  }

  /** What a reconcile that ended means: the outcome, failures in a row, when it is tried again. */
  private record Settled(Outcome outcome, int failures, @Nullable Duration again) {}

  private void finish(Attempt<K> attempt, Ended ended) {
    Settled settled;
    long took;
    lock.lock();
    try {
      attempts.end(attempt);
      // An interrupt that came too late must not hit the next key.
      Thread.interrupted();
      took = now() - attempt.started();
      settled = settle(attempt, ended);
    } finally {
      queue.done(attempt.key());
      changed.signal();
      lock.unlock();
    }
    meters.worked(took);
    if (!attempt.overdue()) {
      meters.counted(settled.outcome());
    }
    if (settled.outcome().retried()) {
      meters.retried();
    }
    if (settled.failures() > 0) {
      log.failed(
          attempt.key(), settled.outcome(), ended.failure(), settled.failures(), settled.again());
    }
    if (ended.failure() instanceof VirtualMachineError fatal) {
      // Not ours to swallow; the worker and the key go on all the same.
      Thread worker = Thread.currentThread();
      worker.getUncaughtExceptionHandler().uncaughtException(worker, fatal);
    }
  }

  private Settled settle(Attempt<K> attempt, Ended ended) {
    Outcome outcome = attempt.overdue() ? Outcome.TIMEOUT : ended.outcome();
    Settled settled;
    if (outcome == Outcome.SUCCESS || outcome == Outcome.REQUEUE_AFTER) {
      failures.forget(attempt.key());
      lastSuccess = settings.clock().instant();
      settled = new Settled(outcome, 0, ended.after());
    } else {
      int count = failures.count(attempt.key(), log.describe(outcome, ended.failure()));
      lastError = settings.clock().instant();
      settled = new Settled(outcome, count, outcome.retried() ? ended.retryAfter(count) : null);
    }
    if (settled.again() != null
        && !closed
        && queue.add(attempt.key(), attempt.priority(), now(), settled.again())) {
      meters.added();
    }
    return settled;
  }

  private long now() {
    return settings.nanos().getAsLong();
  }

  private long locked(LongUnaryOperator question) {
    lock.lock();
    try {
      return question.applyAsLong(now());
    } finally {
      lock.unlock();
    }
  }
}
