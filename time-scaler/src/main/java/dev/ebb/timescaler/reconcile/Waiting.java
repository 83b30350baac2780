package dev.ebb.timescaler.reconcile;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long until the next look. Stateless. */
final class Waiting {

  /** When somebody was quicker. */
  static final Duration SOON = Duration.ofMillis(100);

  /** A clock that was set is noticed after this time at the latest. */
  static final Duration LONGEST = Duration.ofMinutes(1);

  private Waiting() {}

  /** Returns the time from an instant until another; null is never. */
  static Duration until(@Nullable Instant until, Instant now) {
    if (until == null || until.isAfter(now.plus(LONGEST))) {
      return LONGEST;
    }
    return until.isAfter(now) ? Duration.between(now, until) : Duration.ofMillis(1);
  }
}
