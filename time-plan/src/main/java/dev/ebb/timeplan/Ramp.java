package dev.ebb.timeplan;

import java.time.Duration;
import java.time.Instant;

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
    return interval.multipliedBy(steps);
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

  /** Returns the first instant after another at which a boundary's ramp takes a step. */
  java.util.Optional<Instant> next(Instant boundary, Instant after) {
    for (int step = 1 - steps; step < steps; step++) {
      Instant at = boundary.plus(interval.multipliedBy(step));
      if (at.isAfter(after)) {
        return java.util.Optional.of(at);
      }
    }
    return java.util.Optional.empty();
  }
}
