package dev.ebb.timescaler.plan;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two ways in which a ServiceScaler writes times, with every form that service-scaler accepted
 * and none that it did not. Stateless.
 */
final class TimeText {

  // Blanks before a number or the offset, one digit where two are usual, and a real minus sign.
  private static final Pattern ZONED_TIME =
      Pattern.compile(
          "\\s*([0-9]{1,2}):\\s*([0-9]{1,2})\\s*([+\\-\u2212])([0-9]{2})[:\\s]*([0-9]{2})");
  private static final Pattern ZONED_DATE_TIME =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]+))?"
              + "(?:[Zz]|([+\\-\u2212])([0-9]{2}):([0-9]{2}))");
  private static final int DAY = 24 * 60 * 60;

  private TimeText() {}

  /**
   * Reads a {@code ZonedTime}, as in {@code 08:00+05:30}.
   *
   * @return the time of day in UTC; offsets are fixed, so it is the same every day
   */
  static Optional<LocalTime> zonedTime(String text) {
    Matcher parts = ZONED_TIME.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int hour = Integer.parseInt(parts.group(1));
    int minute = Integer.parseInt(parts.group(2));
    Optional<Integer> offset = offset(parts.group(3), parts.group(4), parts.group(5));
    if (hour > 23 || minute > 59 || offset.isEmpty()) {
      return Optional.empty();
    }
    int second = Math.floorMod((hour * 60 + minute) * 60 - offset.get(), DAY);
    return Optional.of(LocalTime.ofSecondOfDay(second));
  }

  /** Reads a {@code ZonedDateTime}, as in {@code 2024-11-01T08:00:00+05:30}: RFC 3339. */
  static Optional<Instant> zonedDateTime(String text) {
    Matcher parts = ZONED_DATE_TIME.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Optional<Integer> offset =
        parts.group(8) == null
            ? Optional.of(0)
            : offset(parts.group(8), parts.group(9), parts.group(10));
    int second = Integer.parseInt(parts.group(6));
    if (offset.isEmpty() || second > 60) {
      return Optional.empty();
    }
    try {
      LocalDate date = LocalDate.of(number(parts, 1), number(parts, 2), number(parts, 3));
      LocalTime minute = LocalTime.of(number(parts, 4), number(parts, 5));
      // Second 60, a leap second, is the first of the next minute.
      return Optional.of(
          date.atTime(minute)
              .toInstant(ZoneOffset.UTC)
              .plusSeconds(second - offset.get())
              .plusNanos(nanos(parts.group(7))));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  private static int nanos(@org.jspecify.annotations.Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
  }

  /** Returns seconds east of Greenwich; less than a day. */
  private static Optional<Integer> offset(String sign, String hours, String minutes) {
    int hour = Integer.parseInt(hours);
    int minute = Integer.parseInt(minutes);
    if (hour > 23 || minute > 59) {
      return Optional.empty();
    }
    int seconds = (hour * 60 + minute) * 60;
    return Optional.of(sign.equals("+") ? seconds : -seconds);
  }
}
