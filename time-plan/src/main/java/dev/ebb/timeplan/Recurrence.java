package dev.ebb.timeplan;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
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
   * From one time of day to another, which belongs to the next day when it is not later: from 22:00
   * to 06:00 is a night, from 12:00 to 12:00 a day. A time that a clock skips is the one that the
   * clock shows instead, one that it shows twice is the first.
   *
   * @param zone whose clock is meant
   * @param days on which it begins
   * @param except dates on which it does not begin
   */
  record Daily(
      LocalTime from, LocalTime to, ZoneId zone, Set<DayOfWeek> days, Set<LocalDate> except)
      implements Recurrence {

    private static final long DAY = Steady.DAY;
    private static final long SECOND = 1_000_000_000;

    /** Every day. */
    public Daily(LocalTime from, LocalTime to, ZoneId zone) {
      this(from, to, zone, EnumSet.allOf(DayOfWeek.class), Set.of());
    }

    /** Copies the sets. */
    public Daily {
      days = Set.copyOf(days);
      except = Set.copyOf(except);
    }

    /** An occurrence; empty when a clock that is set swallows it. */
    private record Span(Instant start, Instant end) {}

    private boolean always() {
      return from.equals(to) && days.size() == DayOfWeek.values().length && except.isEmpty();
    }

    private boolean begins(LocalDate date) {
      return days.contains(date.getDayOfWeek()) && !except.contains(date);
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
      Steady clock = Steady.around(instant, zone);
      if (clock.holds(instant.getEpochSecond(), 2 * DAY)) {
        long shown = instant.getEpochSecond() + clock.offset().getTotalSeconds();
        long day = Math.floorDiv(shown, DAY);
        long time = Math.floorMod(shown, DAY) * SECOND + instant.getNano();
        boolean overnight = !to.isAfter(from);
        return time >= from.toNanoOfDay()
            ? (overnight || time < to.toNanoOfDay()) && begins(LocalDate.ofEpochDay(day))
            : overnight && time < to.toNanoOfDay() && begins(LocalDate.ofEpochDay(day - 1));
      }
      // What a zone skips, even a whole day, may push a beginning to the next date.
      LocalDate today = instant.atZone(zone).toLocalDate();
      return holds(today, instant)
          || holds(today.minusDays(1), instant)
          || holds(today.minusDays(2), instant);
    }

    private boolean holds(LocalDate date, Instant instant) {
      if (!begins(date)) {
        return false;
      }
      Span span = on(date);
      return !instant.isBefore(span.start()) && instant.isBefore(span.end());
    }

    @Override
    public @Nullable Instant next(Instant after) {
      if (always() || !ever()) {
        return null;
      }
      // Each date that is left out may cost a week; and three days more, for what a zone skips.
      int longest = 12 + 7 * except.size();
      Steady clock = Steady.around(after, zone);
      Instant steady = steady(after, clock, longest);
      return steady != null && clock.holds(steady.getEpochSecond(), 1)
          ? steady
          : unsteady(after, longest);
    }

    /** The next one if the clock is not set until then. */
    private @Nullable Instant steady(Instant after, Steady clock, int longest) {
      long first =
          Math.floorDiv(after.getEpochSecond() + clock.offset().getTotalSeconds(), DAY) - 1;
      int length = to.isAfter(from) ? 0 : 1;
      for (long day = first; day < first + longest; day++) {
        if (begins(LocalDate.ofEpochDay(day))) {
          Instant start = instant(day, from, clock);
          if (start.isAfter(after)) {
            return start;
          }
          Instant end = instant(day + length, to, clock);
          if (end.isAfter(after)) {
            return end;
          }
        }
      }
      return null;
    }

    private static Instant instant(long day, LocalTime time, Steady clock) {
      return Instant.ofEpochSecond(
          day * DAY + time.toSecondOfDay() - clock.offset().getTotalSeconds(), time.getNano());
    }

    private @Nullable Instant unsteady(Instant after, int longest) {
      LocalDate date = after.atZone(zone).toLocalDate().minusDays(2);
      Instant first = null;
      int beyond = 3;
      for (int day = 0; day < longest && beyond > 0; day++, date = date.plusDays(1)) {
        if (begins(date)) {
          Span span = on(date);
          if (span.start().isBefore(span.end())) {
            first = earlier(earlier(first, span.start(), after), span.end(), after);
          }
        }
        if (first != null) {
          beyond--;
        }
      }
      return first;
    }

    @Override
    public boolean ever() {
      return !days.isEmpty();
    }
  }

  /**
   * From each time of a crontab line on, for so long. Occurrences that overlap are one. A time that
   * a clock skips is the one that the clock shows instead, one that it shows twice is the first.
   *
   * @param zone whose clock is meant
   * @param except dates on which it does not begin
   */
  record Cron(CronTimes times, Duration duration, ZoneId zone, Set<LocalDate> except)
      implements Recurrence {

    /** So many times are looked through for one that closes, or is not left out. */
    private static final int LOOKED_THROUGH = 64;

    /** Copies the set. */
    public Cron {
      except = Set.copyOf(except);
    }

    @Override
    public boolean contains(Instant instant) {
      Instant start = start(instant.minus(duration));
      return start != null && !start.isAfter(instant);
    }

    @Override
    public @Nullable Instant next(Instant after) {
      Instant start = start(after.minus(duration));
      if (start == null || start.isAfter(after)) {
        return start;
      }
      // It is open: it closes when the last of those that overlap does.
      Instant end = start.plus(duration);
      for (int i = 0; i < LOOKED_THROUGH; i++) {
        Instant then = start(start);
        if (then == null || then.isAfter(end)) {
          return end;
        }
        start = then;
        end = start.plus(duration);
      }
      return end;
    }

    /** Returns the first beginning after an instant. */
    private @Nullable Instant start(Instant after) {
      Steady clock = Steady.around(after, zone);
      LocalDateTime local = clock.shown(after);
      if (clock.holds(after.getEpochSecond(), 2 * Steady.DAY)) {
        return first(local, after, clock);
      }
      // Around the setting of a clock later times may be earlier instants.
      Instant best = null;
      LocalDateTime time = local.minusDays(1);
      while (true) {
        Optional<LocalDateTime> found = times.from(time);
        if (found.isEmpty()) {
          return best;
        }
        time = found.get();
        if (best != null && time.isAfter(LocalDateTime.ofInstant(best, zone).plusDays(1))) {
          return best;
        }
        if (!except.contains(time.toLocalDate())) {
          best = earlier(best, time.atZone(zone).toInstant(), after);
        }
        time = time.plusMinutes(1);
      }
    }

    private @Nullable Instant first(LocalDateTime local, Instant after, Steady clock) {
      LocalDateTime time = local;
      while (true) {
        Optional<LocalDateTime> found = times.from(time);
        if (found.isEmpty()) {
          return null;
        }
        time = found.get();
        if (except.contains(time.toLocalDate())) {
          time = time.toLocalDate().plusDays(1).atStartOfDay();
          continue;
        }
        Instant instant = clock.at(time, zone);
        if (instant.isAfter(after)) {
          return instant;
        }
        time = time.plusMinutes(1);
      }
    }

    @Override
    public boolean ever() {
      return times.from(LocalDateTime.of(2000, 1, 1, 0, 0)).isPresent();
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
