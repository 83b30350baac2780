package dev.ebb.selector.plan;

import java.time.Duration;
import java.time.Instant;

/**
 * A Service that somebody else changes again and again. It is mended at once the first time, and
 * later and later after that: a fight helps nobody.
 *
 * @param times how often it was mended
 * @param last when it was mended last
 */
public record Contest(int times, Instant last) {

  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofMinutes(16);

  /** After this time without a change by others it is over. */
  public static final Duration OVER = Duration.ofHours(1);

  /** Returns from when on it may be mended again. */
  public Instant next() {
    Duration wait = FIRST.multipliedBy(1L << Math.min(times - 1, 4));
    return last.plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
  }

  /** Returns this contest after it was mended once more. */
  public static Contest after(@org.jspecify.annotations.Nullable Contest before, Instant now) {
    boolean again = before != null && now.isBefore(before.last().plus(OVER));
    return new Contest(again && before != null ? before.times() + 1 : 1, now);
  }
}
