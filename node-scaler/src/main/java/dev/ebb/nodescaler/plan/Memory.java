package dev.ebb.nodescaler.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of earlier passes. It is kept in the buffer's status and survives a restart
 * so.
 *
 * @param lastGrowth when nodes were asked for last; null for never
 * @param upcoming how many nodes the cloud owed at the last pass
 * @param upcomingSince when it began to owe them, or last brought one; null when it owes none
 * @param writtenOff how many of them are not expected any more
 * @param lastFailure when nodes were given up last
 * @param failures how often, without {@link Rules.Timing#backoffReset} between them
 */
public record Memory(
    @Nullable Instant lastGrowth,
    int upcoming,
    @Nullable Instant upcomingSince,
    int writtenOff,
    @Nullable Instant lastFailure,
    int failures) {

  /** Nothing happened yet. */
  public static final Memory NONE = new Memory(null, 0, null, 0, null, 0);

  /** Takes in how many nodes the cloud owes now. */
  Memory owed(int now, Instant at, Rules.Timing timing) {
    if (now == 0) {
      return new Memory(lastGrowth, 0, null, 0, lastFailure, forgetting(at, timing));
    }
    Instant since = upcomingSince == null || now < upcoming ? at : upcomingSince;
    int expected = now - Math.min(writtenOff, now);
    if (expected == 0 || at.isBefore(since.plus(timing.provisioning()))) {
      return new Memory(
          lastGrowth, now, since, now - expected, lastFailure, forgetting(at, timing));
    }
    return new Memory(lastGrowth, now, since, now, at, forgetting(at, timing) + 1);
  }

  private int forgetting(Instant at, Rules.Timing timing) {
    return lastFailure == null || !at.isBefore(lastFailure.plus(timing.backoffReset()))
        ? 0
        : failures;
  }

  /** Takes in that nodes are asked for. */
  Memory grown(int more, Instant at) {
    return new Memory(at, upcoming + more, at, writtenOff, lastFailure, failures);
  }

  /** Takes in that the cloud refused to bring nodes. */
  public Memory refused(Instant at) {
    return new Memory(lastGrowth, upcoming, upcomingSince, writtenOff, at, failures + 1);
  }

  /** Returns until when no node is asked for; null when one may be. */
  @Nullable Instant backoffUntil(Instant now, Rules.Timing timing) {
    if (lastFailure == null || failures == 0) {
      return null;
    }
    long factor = 1L << Math.min(failures - 1, 30);
    java.time.Duration wait = timing.backoff().multipliedBy(factor);
    if (wait.compareTo(timing.longestBackoff()) > 0) {
      wait = timing.longestBackoff();
    }
    Instant until = lastFailure.plus(wait);
    return now.isBefore(until) ? until : null;
  }
}
