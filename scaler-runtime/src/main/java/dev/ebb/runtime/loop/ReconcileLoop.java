package dev.ebb.runtime.loop;

import dev.ebb.runtime.loop.Reconciler.Result;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A work queue and its workers: each key is reconciled by one worker at a time, keys that are added
 * again meanwhile are reconciled once more, failures are tried again with a delay that doubles from
 * 5 ms to 30 s (the shape of client-go's ItemExponentialFailureRateLimiter, with the exponent
 * clamped) and is forgotten after a success.
 *
 * <p>Takes the place of client-java's {@code DefaultController}, whose rate limiter, delaying queue
 * and back-off are wrong (they throttle to ten a minute, drop silently and wrap round).
 *
 * <p>Thread-safe.
 *
 * @param <K> the key of an object; equals and hashCode identify it
 */
public final class ReconcileLoop<K> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReconcileLoop.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(5);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
  private static final int LARGEST_EXPONENT = 13;

  private record Due<K>(K key, long nanos) {}

  private final String name;
  private final Reconciler<K> reconciler;
  private final MeterRegistry meters;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Due<K>> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
  private final Map<K, Long> dueTimes = new HashMap<>();
  private final Set<K> running = new HashSet<>();
  private final Map<K, Integer> failures = new HashMap<>();
  private final Set<Thread> workers = new HashSet<>();
  private boolean closed;

  /**
   * Creates a loop; {@link #start} starts it.
   *
   * @param name the controller's name in metrics and logs
   */
  public ReconcileLoop(String name, Reconciler<K> reconciler, MeterRegistry meters) {
    this.name = name;
    this.reconciler = reconciler;
    this.meters = meters;
    meters.gauge(
        "workqueue_depth",
        io.micrometer.core.instrument.Tags.of("name", name),
        this,
        ReconcileLoop::depth);
  }

  /**
   * Starts workers on virtual threads.
   *
   * @param count how many keys may be reconciled at the same time
   */
  public ReconcileLoop<K> start(int count) {
    lock.lock();
    try {
      for (int i = 0; i < count; i++) {
        workers.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
      }
    } finally {
      lock.unlock();
    }
    return this;
  }

  /** Asks for a key to be reconciled as soon as a worker is free. */
  public void add(K key) {
    addAfter(key, Duration.ZERO);
  }

  /** Asks for a key to be reconciled after a delay; an earlier time already asked for stays. */
  public void addAfter(K key, Duration delay) {
    long nanos = System.nanoTime() + delay.toNanos();
    lock.lock();
    try {
      Long before = dueTimes.get(key);
      if (closed || (before != null && before - nanos <= 0)) {
        return;
      }
      dueTimes.put(key, nanos);
      queue.add(new Due<>(key, nanos));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many keys wait, those with a delay included. */
  public int depth() {
    lock.lock();
    try {
      return dueTimes.size();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more work and waits up to five seconds for what is being reconciled. */
  @Override
  public void close() {
    Set<Thread> toJoin;
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      toJoin = Set.copyOf(workers);
    } finally {
      lock.unlock();
    }
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    for (Thread worker : toJoin) {
      try {
        worker.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void work() {
    for (K key = take(); key != null; key = take()) {
      Result result = reconcile(key);
      lock.lock();
      try {
        running.remove(key);
        changed.signal();
      } finally {
        lock.unlock();
      }
      Duration after = result.requeueAfter();
      if (after != null) {
        addAfter(key, after);
      }
    }
  }

  private @Nullable K take() {
    lock.lock();
    try {
      while (!closed) {
        Due<K> due = nextNotRunning();
        if (due == null) {
          changed.await();
          continue;
        }
        long wait = due.nanos() - System.nanoTime();
        if (wait > 0) {
          queue.add(due);
          changed.awaitNanos(wait);
          continue;
        }
        dueTimes.remove(due.key());
        running.add(due.key());
        return due.key();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return null;
  }

  /** Takes the first entry that is still meant and whose key no worker has. */
  private @Nullable Due<K> nextNotRunning() {
    Set<Due<K>> skipped = new HashSet<>();
    try {
      for (Due<K> due = queue.poll(); due != null; due = queue.poll()) {
        Long meant = dueTimes.get(due.key());
        if (meant == null || meant != due.nanos()) {
          continue;
        }
        if (!running.contains(due.key())) {
          return due;
        }
        skipped.add(due);
      }
      return null;
    } finally {
      queue.addAll(skipped);
    }
  }

  private Result reconcile(K key) {
    Timer.Sample sample = Timer.start(meters);
    String outcome = "success";
    try {
      Result result = reconciler.reconcile(key);
      forgetFailures(key);
      return result;
    } catch (Exception e) {
      outcome = "error";
      Duration delay = nextDelay(key);
      log.warn("{} {}: {}, trying again in {} ms", name, key, e.toString(), delay.toMillis());
      log.debug("{} {} failed", name, key, e);
      return Result.after(delay);
    } finally {
      sample.stop(meters.timer("ebb_controller_reconcile_time", "controller", name));
      meters.counter("ebb_controller_reconcile", "controller", name, "result", outcome).increment();
    }
  }

  private void forgetFailures(K key) {
    lock.lock();
    try {
      failures.remove(key);
    } finally {
      lock.unlock();
    }
  }

  private Duration nextDelay(K key) {
    lock.lock();
    try {
      int count = failures.merge(key, 1, Integer::sum) - 1;
      Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(count, LARGEST_EXPONENT));
      return delay.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : delay;
    } finally {
      lock.unlock();
    }
  }
}
