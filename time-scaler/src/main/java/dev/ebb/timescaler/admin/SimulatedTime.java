package dev.ebb.timescaler.admin;

import dev.ebb.runtime.admin.Problems;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** The time that a caller wants to look at. */
record SimulatedTime(Instant from, Instant to) {

  private static final Duration USUAL = Duration.ofDays(7);
  private static final Duration LONGEST = Duration.ofDays(400);

  static SimulatedTime of(@Nullable String from, @Nullable String to, Instant now) {
    Instant start = from == null ? now : instant("from", from);
    Instant end = to == null ? start.plus(USUAL) : instant("to", to);
    if (!end.isAfter(start) || Duration.between(start, end).compareTo(LONGEST) > 0) {
      throw Problems.invalid(
          "to", "must be after from, by %d days at most".formatted(LONGEST.toDays()));
    }
    return new SimulatedTime(start, end);
  }

  private static Instant instant(String name, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw Problems.invalid(name, "is no instant; write it as in 2026-10-01T12:00:00Z");
    }
  }
}
