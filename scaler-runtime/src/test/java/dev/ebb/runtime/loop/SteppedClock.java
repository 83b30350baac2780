package dev.ebb.runtime.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Monotonic and wall clock in one, which stand still until they are told to go on. */
final class SteppedClock implements LongSupplier, InstantSource {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong passed = new AtomicLong();

  void advance(Duration duration) {
    passed.addAndGet(duration.toNanos());
  }

  @Override
  public long getAsLong() {
    // Wraps round after a minute, as System.nanoTime() may.
    return Long.MAX_VALUE - Duration.ofMinutes(1).toNanos() + passed.get();
  }

  @Override
  public Instant instant() {
    return START.plusNanos(passed.get());
  }

  LoopSettings settings() {
    return LoopSettings.defaults().withClocks(this, this);
  }
}
