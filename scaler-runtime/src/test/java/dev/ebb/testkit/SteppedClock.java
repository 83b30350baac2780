package dev.ebb.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Monotonic and wall clock in one, which stand still until they are told to go on. Safe for use by
 * several threads.
 */
public final class SteppedClock implements LongSupplier, InstantSource {

  /** What the wall clock shows first. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong passed = new AtomicLong();

  /** Lets time pass on both clocks. */
  public void advance(Duration duration) {
    passed.addAndGet(duration.toNanos());
  }

  /** Returns the monotonic clock's nanoseconds, which wrap round after a minute. */
  @Override
  public long getAsLong() {
    // As System.nanoTime() may.
    return Long.MAX_VALUE - Duration.ofMinutes(1).toNanos() + passed.get();
  }

  @Override
  public Instant instant() {
    return START.plusNanos(passed.get());
  }
}
