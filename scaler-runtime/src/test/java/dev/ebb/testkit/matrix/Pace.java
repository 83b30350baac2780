package dev.ebb.testkit.matrix;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Time as a service has it that shares a busy machine. A thread works a little now and then and
 * looks how long that took: where a moment of work takes ten, ten seconds of the wall clock are
 * one. On a quiet machine it is the wall clock, so that "within a minute" means a minute there and
 * does not fail where ten builds share two cores. Thread-safe.
 */
final class Pace implements AutoCloseable {

  private static final Duration BETWEEN = Duration.ofSeconds(1);

  /** Longer than one turn of the scheduler, so that who shares the cores is felt. */
  private static final Duration WORK = Duration.ofMillis(20);

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final AtomicLong passed = new AtomicLong();
  private final Thread thread;

  /** Begins to measure. */
  Pace() {
    this.thread = Thread.ofPlatform().daemon().name("pace").start(this::measure);
  }

  private void measure() {
    try {
      long last = System.nanoTime();
      while (!Thread.currentThread().isInterrupted()) {
        TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
        long began = System.nanoTime();
        long working = work();
        long now = System.nanoTime();
        passed.addAndGet((long) ((now - last) * share(working, now - began)));
        last = now;
      }
    } catch (InterruptedException e) {
      // Nobody asks any more.
    }
  }

  /** Works, and returns how much processor time that took. */
  private long work() {
    long began = threads.getCurrentThreadCpuTime();
    long used = 0;
    while (used < WORK.toNanos()) {
      used = threads.getCurrentThreadCpuTime() - began;
    }
    return used;
  }

  /** Returns which part of the wall clock's time counts. */
  static double share(long worked, long took) {
    return took <= 0 ? 1 : Math.min(1, (double) worked / took);
  }

  /** Returns how much time has passed. */
  Duration passed() {
    return Duration.ofNanos(passed.get());
  }

  /**
   * Asks again and again until something holds.
   *
   * @param between how long to wait between two questions
   * @param longest of this clock's time
   * @param question returns null when it holds, else what does not
   */
  void await(
      String what, Duration between, Duration longest, Callable<@Nullable Throwable> question) {
    Duration until = passed().plus(longest);
    try {
      while (true) {
        boolean late = passed().compareTo(until) > 0;
        Throwable not = question.call();
        if (not == null) {
          return;
        }
        if (late) {
          throw new AssertionError(what + ", within " + longest + ": " + not.getMessage(), not);
        }
        TimeUnit.NANOSECONDS.sleep(between.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    } catch (Exception e) {
      throw new AssertionError(what, e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
