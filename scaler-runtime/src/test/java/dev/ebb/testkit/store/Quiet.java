package dev.ebb.testkit.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits until all readers wait: looks again each time one of them has nothing more to read. */
final class Quiet {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicLong signs = new AtomicLong();

  /** Something may be quiet now. */
  void sign() {
    lock.lock();
    try {
      signs.incrementAndGet();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns as soon as a condition holds; looks at each sign.
   *
   * @param what is said when it does not come to be
   * @throws IllegalStateException when it does not come to be
   */
  void await(BooleanSupplier condition, Duration longest, Supplier<String> what) {
    long until = System.nanoTime() + longest.toNanos();
    while (true) {
      long seen = signs.get();
      if (condition.getAsBoolean()) {
        return;
      }
      lock.lock();
      try {
        while (signs.get() == seen) {
          if (changed.awaitNanos(until - System.nanoTime()) <= 0) {
            throw new IllegalStateException(what.get());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } finally {
        lock.unlock();
      }
    }
  }
}
