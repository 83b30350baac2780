package dev.ebb.timeplan;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * A stretch of time in which a zone's clock is not set, so that what it shows follows by adding: a
 * look at the zone's rules for each time of each day would be most of what an evaluation costs.
 *
 * @param offset what the clock is ahead of UTC
 * @param until when it is set next, in seconds since 1970; the largest number for never, the
 *     smallest where it was set a short time ago
 */
record Steady(ZoneOffset offset, long until) {

  /** Seconds of a day on which no clock is set. */
  static final long DAY = 86_400;

  /**
   * For so long before an instant the clock must not have been set: who asks looks back two days,
   * and no clock has ever been set back by more than one.
   */
  private static final long BEFORE = 3 * DAY;

  /** Returns the stretch around an instant; where there is none it holds for nothing. */
  static Steady around(Instant instant, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    ZoneOffsetTransition next =
        rules.nextTransition(Instant.ofEpochSecond(instant.getEpochSecond() - BEFORE));
    long until = next == null ? Long.MAX_VALUE : next.toEpochSecond();
    return new Steady(
        rules.getOffset(instant), until > instant.getEpochSecond() ? until : Long.MIN_VALUE);
  }

  /** Returns whether an instant is before the end, by more than so many seconds. */
  boolean holds(long second, long margin) {
    return until == Long.MAX_VALUE || second + margin < until;
  }

  /** Returns what the clock shows. */
  LocalDateTime shown(Instant instant) {
    return LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), offset);
  }

  /** Returns the instant at which a zone's clock shows a time, from the stretch on. */
  Instant at(LocalDateTime time, ZoneId zone) {
    long second = time.toEpochSecond(offset);
    return holds(second, DAY)
        ? Instant.ofEpochSecond(second, time.getNano())
        : time.atZone(zone).toInstant();
  }
}
