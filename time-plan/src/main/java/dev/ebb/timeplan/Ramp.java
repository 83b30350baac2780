package dev.ebb.timeplan;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How replica counts go from one value to another: in equal steps, upwards so that the new value is
 * there at the boundary, downwards from the boundary on. So no more is taken away than the schedule
 * says, at any instant.
 *
 * @param interval the time from one step to the next
 * @param steps how many steps; with one of them a count changes at the boundary, all at once
 */
public record Ramp(Duration interval, int steps) {

  /** Changes at the boundary, all at once. */
  public static final Ramp NONE = new Ramp(Duration.ofMinutes(5), 1);

  /** Six steps, one in five minutes: what users of service-scaler know. */
  public static final Ramp GRADUAL = new Ramp(Duration.ofMinutes(5), 6);

  /** Rejects what is no ramp. */
  public Ramp {
    if (!interval.isPositive() || steps < 1) {
      throw new IllegalArgumentException("a ramp has steps: " + interval + " × " + steps);
    }
  }

  /** Returns how far from a boundary a count may differ from the schedule. */
  public Duration length() {
    return times(steps);
  }

  /** Some intervals. Not by {@link Duration#multipliedBy}: that goes through big decimals. */
  private Duration times(int count) {
    return Duration.ofNanos(Math.multiplyExact(interval.toNanos(), count));
  }

  /**
   * Returns how much of a difference is there at an instant: none of it far away, all of it at the
   * boundary on its higher side.
   *
   * @param boundary where the count changes
   * @param difference by how much
   */
  int share(Instant boundary, int difference, Instant at) {
    long nanos = interval.toNanos();
    Duration distance = Duration.between(at, boundary);
    long away =
        distance.isPositive()
            // Before it: this many intervals are not over yet.
            ? Math.ceilDiv(distance.toNanos(), nanos)
            // At it and after it: the first step down is taken at once.
            : Math.floorDiv(distance.negated().toNanos(), nanos) + 1;
    long done = Math.max(0, steps - away);
    return (int) (difference * done / steps);
  }

  /** Returns the first instant after another at which a boundary's ramp takes a step; or null. */
  @Nullable Instant next(Instant boundary, Instant after) {
    Instant first = boundary.minus(times(steps - 1));
    if (first.isAfter(after)) {
      return first;
    }
    Instant last = boundary.plus(times(steps - 1));
    if (!last.isAfter(after)) {
      return null;
    }
    long nanos = interval.toNanos();
    return first.plusNanos((Duration.between(first, after).toNanos() / nanos + 1) * nanos);
  }
}
