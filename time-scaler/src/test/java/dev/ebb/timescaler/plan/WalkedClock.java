package dev.ebb.timescaler.plan;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * What a wall clock shows, minute by minute over ten years, walked once from the first to the last.
 * From it follows which minute is the first that shows a time, and which one stands for a time that
 * the clock skips: as much later as the clock was put forward. Knows nothing of transitions.
 */
final class WalkedClock {

  /** The first minute. */
  static final Instant START = Instant.parse("2009-06-01T00:00:00Z");

  /** How many minutes: ten years. */
  static final int MINUTES = 3652 * 24 * 60;

  private static final int MARGIN = 3 * 24 * 60;

  /** For each time that the clock may show, in minutes since the start as if in UTC. */
  private final int[] first = new int[MINUTES + 2 * MARGIN];

  WalkedClock(ZoneId zone) {
    Arrays.fill(first, -1);
    int before = label(zone, 0) - 1;
    for (int minute = 0; minute < MINUTES; minute++) {
      int label = label(zone, minute);
      if (first[label + MARGIN] < 0) {
        first[label + MARGIN] = minute;
      }
      for (int gone = before + 1; gone < label; gone++) {
        // The clock was put forward by as much as it skipped.
        first[gone + MARGIN] = minute + gone - before - 1;
      }
      before = Math.max(before, label);
    }
  }

  private static int label(ZoneId zone, int minute) {
    LocalDateTime shown = LocalDateTime.ofInstant(at(minute), zone);
    return (int) ((shown.toEpochSecond(ZoneOffset.UTC) - START.getEpochSecond()) / 60);
  }

  /** Returns the instant of a minute. */
  static Instant at(int minute) {
    return START.plusSeconds(60L * minute);
  }

  /** Returns the minute that stands for a time; -1 outside of the ten years. */
  int minute(LocalDateTime time) {
    long label = (time.toEpochSecond(ZoneOffset.UTC) - START.getEpochSecond()) / 60 + MARGIN;
    return label < 0 || label >= first.length ? -1 : first[(int) label];
  }
}
