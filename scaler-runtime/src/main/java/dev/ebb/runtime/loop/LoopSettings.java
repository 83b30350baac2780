package dev.ebb.runtime.loop;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * How a loop treats its workers.
 *
 * @param deadline how long one reconcile may take before it is interrupted
 * @param grace how long a loop that closes waits for reconciles before it interrupts them
 * @param nanos the monotonic clock that delays and deadlines are measured by
 * @param clock the wall clock that people are told the time by
 */
public record LoopSettings(
    Duration deadline, Duration grace, LongSupplier nanos, InstantSource clock) {

  private static final LoopSettings DEFAULTS =
      new LoopSettings(
          Duration.ofMinutes(2), Duration.ofSeconds(5), System::nanoTime, InstantSource.system());

  /** Rejects a deadline that is not positive and a grace that is negative. */
  public LoopSettings {
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("deadline must be positive: " + deadline);
    }
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative: " + grace);
    }
  }

  /** Returns a deadline of two minutes, a grace of five seconds, and the system's clocks. */
  public static LoopSettings defaults() {
    return DEFAULTS;
  }

  /** Returns these settings with another deadline. */
  public LoopSettings withDeadline(Duration other) {
    return new LoopSettings(other, grace, nanos, clock);
  }

  /** Returns these settings with another grace. */
  public LoopSettings withGrace(Duration other) {
    return new LoopSettings(deadline, other, nanos, clock);
  }

  /** Returns these settings with other clocks. */
  public LoopSettings withClocks(LongSupplier otherNanos, InstantSource otherClock) {
    return new LoopSettings(deadline, grace, otherNanos, otherClock);
  }
}
