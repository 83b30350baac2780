package dev.ebb.timeplan;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The times of a crontab line: minute, hour, day of the month, month and day of the week, as cron
 * and Kubernetes' CronJob read them. Where both days are restricted, either is enough. Knows no
 * zone: its times are those that a clock on the wall shows.
 *
 * <p>Own, because schedules are asked thousands of times a minute, and because what a clock that is
 * set does to a time is decided in one place for all recurrences ({@link Recurrence}). Immutable.
 */
final class CronTimes {

  private static final Pattern TERM =
      Pattern.compile("(\\*|[0-9]{1,2}|[a-z]{3})(?:-([0-9]{1,2}|[a-z]{3}))?(?:/([0-9]{1,2}))?");
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  /** Within so many years every date that there is comes round: leap days that are Sundays, too. */
  private static final int YEARS = 41;

  // A bit for each value: a schedule is asked for many days.
  private final long minutes;
  private final long hours;
  private final long daysOfMonth;
  private final long months;
  private final long daysOfWeek;
  private final boolean eitherDay;

  private CronTimes(BitSet[] fields, boolean eitherDay) {
    this.minutes = bits(fields[0]);
    this.hours = bits(fields[1]);
    this.daysOfMonth = bits(fields[2]);
    this.months = bits(fields[3]);
    this.daysOfWeek = bits(fields[4]);
    this.eitherDay = eitherDay;
  }

  private static long bits(BitSet field) {
    return field.toLongArray()[0];
  }

  private static boolean has(long field, int value) {
    return (field >>> value & 1) != 0;
  }

  /** Returns the first value of a field that is no less than another; -1 for none. */
  private static int first(long field, int least) {
    long left = least > 63 ? 0 : field >>> least;
    return left == 0 ? -1 : least + Long.numberOfTrailingZeros(left);
  }

  /** Reads a line, as in {@code 0 9 * * mon-fri}; empty when it is none. */
  static Optional<CronTimes> parse(String line) {
    String[] words = line.strip().toLowerCase(Locale.ROOT).split("\\s+", -1);
    if (words.length != 5) {
      return Optional.empty();
    }
    BitSet[] fields = {
      field(words[0], 0, 59, List.of(), 0),
      field(words[1], 0, 23, List.of(), 0),
      field(words[2], 1, 31, List.of(), 0),
      field(words[3], 1, 12, MONTHS, 1),
      field(words[4], 0, 7, DAYS, 0)
    };
    for (BitSet field : fields) {
      if (field == null) {
        return Optional.empty();
      }
    }
    if (fields[4].get(7)) {
      fields[4].set(0);
      fields[4].clear(7);
    }
    boolean either = !words[2].startsWith("*") && !words[4].startsWith("*");
    return Optional.of(new CronTimes(fields, either));
  }

  private static @Nullable BitSet field(
      String word, int first, int last, List<String> names, int firstName) {
    BitSet values = new BitSet(last + 1);
    for (String term : word.split(",", -1)) {
      Matcher parts = TERM.matcher(term);
      if (!parts.matches()) {
        return null;
      }
      boolean all = parts.group(1).equals("*");
      int from = all ? first : value(parts.group(1), names, firstName);
      int to = all || parts.group(3) != null ? last : from;
      if (parts.group(2) != null) {
        to = all ? -1 : value(parts.group(2), names, firstName);
      }
      int step = parts.group(3) == null ? 1 : Integer.parseInt(parts.group(3));
      if (from < first || to > last || to < from || step < 1) {
        return null;
      }
      // In days of the week 7 is Sunday again, and * is no eighth day.
      int end = all && last == 7 ? 6 : to;
      for (int value = from; value <= end; value += step) {
        values.set(value);
      }
    }
    return values;
  }

  private static int value(String text, List<String> names, int firstName) {
    if (Character.isDigit(text.charAt(0))) {
      return Integer.parseInt(text);
    }
    int at = names.indexOf(text);
    return at < 0 ? -1 : at + firstName;
  }

  /** Returns whether a day of a month that counts is one; Sunday is 0. */
  private boolean on(int dayOfMonth, int dayOfWeek) {
    boolean month = has(daysOfMonth, dayOfMonth);
    boolean week = has(daysOfWeek, dayOfWeek);
    return eitherDay ? month || week : month && week;
  }

  /** Returns the first time from another on, to the minute; empty when it never comes. */
  Optional<LocalDateTime> from(LocalDateTime earliest) {
    LocalDateTime start =
        earliest.getSecond() == 0 && earliest.getNano() == 0
            ? earliest
            : earliest.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    LocalDate date = start.toLocalDate();
    LocalDate day = day(date);
    if (date.equals(day)) {
      int hour = start.getHour();
      int sameHour = has(hours, hour) ? first(minutes, start.getMinute()) : -1;
      if (sameHour >= 0) {
        return Optional.of(date.atTime(hour, sameHour));
      }
      int laterHour = first(hours, hour + 1);
      if (laterHour >= 0) {
        return Optional.of(date.atTime(laterHour, first(minutes, 0)));
      }
      day = day(date.plusDays(1));
    }
    return day == null
        ? Optional.empty()
        : Optional.of(day.atTime(first(hours, 0), first(minutes, 0)));
  }

  /** Returns the first date from another on; null when it never comes. */
  private @Nullable LocalDate day(LocalDate earliest) {
    LocalDate date = earliest;
    int last = date.getYear() + YEARS;
    while (date.getYear() < last) {
      if (has(months, date.getMonthValue())) {
        int length = date.lengthOfMonth();
        int week = date.getDayOfWeek().getValue() % 7;
        for (int day = date.getDayOfMonth(); day <= length; day++) {
          if (on(day, week)) {
            return date.withDayOfMonth(day);
          }
          week = week == 6 ? 0 : week + 1;
        }
      }
      date = date.withDayOfMonth(1).plusMonths(1);
    }
    return null;
  }
}
