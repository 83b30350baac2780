package dev.ebb.timescaler.plan;

import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;

/**
 * A ServiceScaler's days, minute by minute: ranges are painted over the default in their order, day
 * for day of their own calendars, and then each replica for itself is let in early and out late.
 */
final class Painted {

  /** The first minute that can be asked for. */
  static final int FIRST = 24 * 60;

  /** The first minute that cannot be asked for any more. */
  static final int LAST = 3 * 24 * 60;

  private static final Instant START = Instant.parse("2024-02-27T00:00:00Z");
  private static final int MINUTES = 4 * 24 * 60;

  private final int[] scheduledMin = new int[MINUTES];
  private final boolean[] matches = new boolean[MINUTES];
  private final int[] min;
  private final int[] max;

  Painted(ServiceScaler scaler) {
    int[] scheduledMax = new int[MINUTES];
    ServiceScaler.HpaValues base = scaler.spec().hpa();
    Arrays.fill(scheduledMin, base.minReplicas().intValue());
    Arrays.fill(scheduledMax, base.maxReplicas().intValue());
    for (TimeRange range : scaler.spec().timeRangeSpec()) {
      ServiceScaler.HpaValues own = range.hpa();
      int low = or(own.minReplicas(), base.minReplicas());
      int high = Math.max(low, or(own.maxReplicas(), base.maxReplicas()));
      for (int minute = 0; minute < MINUTES; minute++) {
        if (covers(range, minute)) {
          scheduledMin[minute] = low;
          scheduledMax[minute] = high;
          matches[minute] = true;
        }
      }
    }
    min = ramped(scheduledMin);
    max = ramped(scheduledMax);
    for (int minute = 0; minute < MINUTES; minute++) {
      max[minute] = Math.max(max[minute], min[minute]);
    }
  }

  private static int or(Long own, Long base) {
    return (int) (own == null ? base : own).longValue();
  }

  static Instant at(int minute) {
    return START.plus(minute, ChronoUnit.MINUTES);
  }

  int min(int minute) {
    return min[minute];
  }

  int max(int minute) {
    return max[minute];
  }

  boolean matches(int minute) {
    return matches[minute];
  }

  /** The calendar of a range's own zone says whether it covers a minute. */
  private static boolean covers(TimeRange range, int minute) {
    if (range.kind().equals("ZonedDateTime")) {
      Instant from = OffsetDateTime.parse(range.from()).toInstant();
      Instant to = OffsetDateTime.parse(range.to()).toInstant();
      return from.compareTo(at(minute)) <= 0 && at(minute).compareTo(to) < 0;
    }
    ZoneOffset zone = ZoneOffset.of(range.from().substring(5));
    LocalDateTime now = LocalDateTime.ofInstant(at(minute), zone);
    for (LocalDate date : List.of(now.toLocalDate(), now.toLocalDate().minusDays(1))) {
      LocalDateTime from = date.atTime(LocalTime.parse(range.from().substring(0, 5)));
      Instant end = from.toInstant(zone).plusSeconds(60L * length(range));
      if (!now.isBefore(from) && at(minute).isBefore(end)) {
        return true;
      }
    }
    return false;
  }

  /** How many minutes a daily range lasts: from one clock's time to the next time of the other. */
  private static int length(TimeRange range) {
    int distance = utcMinute(range.to()) - utcMinute(range.from());
    return distance <= 0 ? distance + 24 * 60 : distance;
  }

  private static int utcMinute(String text) {
    int local = LocalTime.parse(text.substring(0, 5)).toSecondOfDay() / 60;
    int offset = ZoneOffset.of(text.substring(5)).getTotalSeconds() / 60;
    return Math.floorMod(local - offset, 24 * 60);
  }

  private static int[] ramped(int[] scheduled) {
    int[] count = new int[MINUTES];
    int highest = Arrays.stream(scheduled).max().orElse(0);
    for (int replica = 1; replica <= highest; replica++) {
      boolean[] there = new boolean[MINUTES];
      for (int minute = 0; minute < MINUTES; minute++) {
        there[minute] |= scheduled[minute] >= replica;
        if (minute > 0) {
          int before = scheduled[minute - 1];
          int after = scheduled[minute];
          if (before < replica && replica <= after) {
            fill(there, minute - early(replica - before, after - before), minute);
          }
          if (after < replica && replica <= before) {
            fill(there, minute, minute + early(replica - after, before - after));
          }
        }
      }
      for (int minute = 0; minute < MINUTES; minute++) {
        count[minute] += there[minute] ? 1 : 0;
      }
    }
    return count;
  }

  /** How many minutes before the boundary the nth of so many replicas is there: six steps. */
  private static int early(int nth, int of) {
    int step = 1;
    while (of * step / 6 < nth) {
      step++;
    }
    return 5 * (6 - step);
  }

  private static void fill(boolean[] there, int from, int to) {
    for (int minute = Math.max(0, from); minute < Math.min(MINUTES, to); minute++) {
      there[minute] = true;
    }
  }

  /** By how much the minimum may change at a minute: a sixth of each difference nearby. */
  int largestStep(int minute) {
    int sum = 0;
    for (int near = Math.max(1, minute - 30); near <= Math.min(MINUTES - 1, minute + 30); near++) {
      int difference = Math.abs(scheduledMin[near] - scheduledMin[near - 1]);
      sum += (difference + 5) / 6;
    }
    return sum;
  }
}
