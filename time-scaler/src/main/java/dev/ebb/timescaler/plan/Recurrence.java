package dev.ebb.timescaler.plan;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * When a window is open. Half-open: an occurrence holds from its first instant on and ends before
 * its last one. Pure functions of the instant.
 */
public sealed interface Recurrence {

  /** Returns whether it is open at an instant. */
  boolean contains(Instant instant);

  /**
   * Returns the first instant after another at which it opens or closes; null when it never does
   * again.
   */
  @Nullable Instant next(Instant after);

  /** Returns whether it is ever open. */
  default boolean ever() {
    return true;
  }

  /**
   * Every day from one time to another, which belongs to the next day when it is not later: from
   * 22:00 to 06:00 is a night, from 12:00 to 12:00 is always. A time that a clock skips is the one
   * that the clock shows instead, one that it shows twice is the first.
   *
   * @param zone whose clock is meant
   */
  record Daily(LocalTime from, LocalTime to, ZoneId zone) implements Recurrence {

    /** An occurrence; empty when a clock that is set swallows it. */
    private record Span(Instant start, Instant end) {}

    private boolean always() {
      return from.equals(to);
    }

    private Span on(LocalDate date) {
      LocalDate last = to.isAfter(from) ? date : date.plusDays(1);
      return new Span(
          date.atTime(from).atZone(zone).toInstant(), last.atTime(to).atZone(zone).toInstant());
    }

    @Override
    public boolean contains(Instant instant) {
      if (always()) {
        return true;
      }
      LocalDate today = instant.atZone(zone).toLocalDate();
      return holds(on(today), instant) || holds(on(today.minusDays(1)), instant);
    }

    private static boolean holds(Span span, Instant instant) {
      return !instant.isBefore(span.start()) && instant.isBefore(span.end());
    }

    @Override
    public @Nullable Instant next(Instant after) {
      if (always()) {
        return null;
      }
      // The day before may end today, and what a zone skips may push today's start far away.
      LocalDate date = after.atZone(zone).toLocalDate().minusDays(1);
      Instant first = null;
      for (int day = 0; day < 4; day++) {
        Span span = on(date.plusDays(day));
        if (span.start().isBefore(span.end())) {
          first = earlier(earlier(first, span.start(), after), span.end(), after);
        }
      }
      return first;
    }
  }

  /**
   * Once, from an instant to another.
   *
   * @param to when it closes; never open when this is not later
   */
  record Once(Instant from, Instant to) implements Recurrence {
    @Override
    public boolean contains(Instant instant) {
      return !instant.isBefore(from) && instant.isBefore(to);
    }

    @Override
    public @Nullable Instant next(Instant after) {
      return ever() ? earlier(earlier(null, from, after), to, after) : null;
    }

    @Override
    public boolean ever() {
      return from.isBefore(to);
    }
  }

  private static @Nullable Instant earlier(
      @Nullable Instant best, Instant candidate, Instant after) {
    return candidate.isAfter(after) && (best == null || candidate.isBefore(best))
        ? candidate
        : best;
  }
}
