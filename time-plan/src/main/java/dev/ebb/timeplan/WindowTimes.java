package dev.ebb.timeplan;

import dev.ebb.timeplan.ScheduleSpec.WindowSpec;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads when a window of a ScalingSchedule is open. What makes no sense is found by its field, and
 * the window is left out. Not thread-safe.
 *
 * @param field where the window stands
 * @param zone the schedule's
 * @param findings takes what is wrong
 */
record WindowTimes(String field, ZoneId zone, List<Finding> findings) {

  /** Reads; empty for a window that is left out. */
  Optional<Recurrence> of(WindowSpec window) {
    long kinds =
        Stream.of(window.daily(), window.cron(), window.once()).filter(k -> k != null).count();
    if (kinds != 1) {
      return out(
          field,
          (kinds == 0 ? "says not when it is open" : "says in several ways when it is open")
              + "; the window is left out: give it one of daily, cron and once");
    }
    Optional<ZoneId> own =
        window.timeZone() == null
            ? Optional.of(zone)
            : zone(field + ".timeZone", window.timeZone(), findings);
    Optional<Set<LocalDate>> except = dates(window.exclude());
    if (own.isEmpty() || except.isEmpty()) {
      return Optional.empty();
    }
    if (window.daily() != null) {
      return daily(window.daily(), own.get(), except.get());
    }
    if (window.cron() != null) {
      return cron(window.cron(), own.get(), except.get());
    }
    return Optional.ofNullable(window.once()).flatMap(once -> once(once, window.exclude()));
  }

  /** Reads an IANA name. */
  static Optional<ZoneId> zone(String field, String text, List<Finding> findings) {
    try {
      return Optional.of(ZoneId.of(text.strip()));
    } catch (DateTimeException e) {
      findings.add(
          new Finding(
              field,
              "\"" + shortened(text) + "\" is no time zone; write an IANA name as in Asia/Kolkata",
              false));
      return Optional.empty();
    }
  }

  private Optional<Recurrence> daily(ScheduleSpec.Daily daily, ZoneId own, Set<LocalDate> except) {
    Optional<LocalTime> from = read(".daily.from", daily.from(), "22:00", WindowTimes::time);
    Optional<LocalTime> to = read(".daily.to", daily.to(), "06:00", WindowTimes::time);
    EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (int i = 0; i < daily.days().size(); i++) {
      Optional<DayOfWeek> day =
          read(".daily.days[" + i + "]", daily.days().get(i), "Mon", WindowTimes::day);
      if (day.isEmpty()) {
        return Optional.empty();
      }
      days.add(day.get());
    }
    Set<DayOfWeek> all = days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days;
    return from.flatMap(f -> to.map(t -> new Recurrence.Daily(f, t, own, all, except)));
  }

  private Optional<Recurrence> cron(ScheduleSpec.Cron cron, ZoneId own, Set<LocalDate> except) {
    Optional<CronTimes> start =
        read(".cron.start", cron.start(), "0 9 * * mon-fri", CronTimes::parse);
    Optional<Duration> duration =
        read(
            ".cron.duration",
            cron.duration(),
            "1h30m",
            text -> Spans.parse(text).filter(Duration::isPositive));
    Optional<Recurrence> read =
        start.flatMap(s -> duration.map(d -> new Recurrence.Cron(s, d, own, except)));
    return read.isEmpty() || read.get().ever()
        ? read
        : out(field + ".cron.start", "never comes, so the window is left out; correct the date");
  }

  private Optional<Recurrence> once(ScheduleSpec.Once once, List<String> exclude) {
    Optional<Instant> from =
        read(".once.from", once.from(), "2026-11-27T00:00:00Z", WindowTimes::instant);
    Optional<Instant> to =
        read(".once.to", once.to(), "2026-11-29T00:00:00Z", WindowTimes::instant);
    Optional<Recurrence> read = from.flatMap(f -> to.map(t -> new Recurrence.Once(f, t)));
    if (read.isPresent() && !read.get().ever()) {
      return out(field + ".once.to", "is not after from, so the window is left out; correct it");
    }
    if (!exclude.isEmpty()) {
      findings.add(
          new Finding(field + ".exclude", "has no meaning for a window that is open once", false));
    }
    return read;
  }

  private Optional<Set<LocalDate>> dates(List<String> texts) {
    Set<LocalDate> dates = new HashSet<>();
    for (int i = 0; i < texts.size(); i++) {
      Optional<LocalDate> date =
          read(".exclude[" + i + "]", texts.get(i), "2026-12-25", WindowTimes::date);
      if (date.isEmpty()) {
        return Optional.empty();
      }
      dates.add(date.get());
    }
    return Optional.of(dates);
  }

  private <T> Optional<T> read(
      String part, @Nullable String text, String example, Function<String, Optional<T>> reader) {
    Optional<T> read = text == null ? Optional.empty() : reader.apply(text.strip());
    if (read.isEmpty()) {
      return out(
          field + part,
          (text == null ? "is missing" : "\"" + shortened(text) + "\" makes no sense there")
              + "; the window is left out: write it as in "
              + example);
    }
    return read;
  }

  private <T> Optional<T> out(String where, String message) {
    findings.add(new Finding(where, message, false));
    return Optional.empty();
  }

  private static String shortened(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private static Optional<LocalTime> time(String text) {
    return attempt(() -> LocalTime.parse(text.length() == 4 ? "0" + text : text));
  }

  private static Optional<LocalDate> date(String text) {
    return attempt(() -> LocalDate.parse(text));
  }

  /** Reads RFC 3339. */
  static Optional<Instant> instant(String text) {
    return attempt(() -> OffsetDateTime.parse(text).toInstant());
  }

  private static Optional<DayOfWeek> day(String text) {
    String word = text.toUpperCase(Locale.ROOT);
    return Stream.of(DayOfWeek.values())
        .filter(day -> day.name().equals(word) || day.name().substring(0, 3).equals(word))
        .findFirst();
  }

  private static <T> Optional<T> attempt(java.util.function.Supplier<T> reader) {
    try {
      return Optional.of(reader.get());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
