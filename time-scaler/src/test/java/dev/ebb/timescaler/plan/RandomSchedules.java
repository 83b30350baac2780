package dev.ebb.timescaler.plan;

import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timeplan.ScheduleSpec.Setting;
import dev.ebb.timeplan.ScheduleSpec.WindowSpec;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Draws windows, each as its specification and as the minutes in which it is open, painted. */
final class RandomSchedules {

  /** Zones that set their clocks by an hour, by half of one, by two, over midnight, by a day. */
  static final List<String> ZONES =
      List.of(
          "Etc/GMT+12",
          "Pacific/Apia",
          "America/Sao_Paulo",
          "America/St_Johns",
          "Europe/Berlin",
          "Antarctica/Troll",
          "Africa/Casablanca",
          "Asia/Tehran",
          "Asia/Kathmandu",
          "Australia/Lord_Howe",
          "Pacific/Kiritimati");

  private static final Map<String, WalkedClock> CLOCKS = new TreeMap<>();

  /**
   * A window.
   *
   * @param open for each minute of {@link WalkedClock} whether it is open
   */
  record Drawn(WindowSpec spec, boolean[] open) {}

  private RandomSchedules() {}

  private static WalkedClock clock(String zone) {
    return CLOCKS.computeIfAbsent(zone, z -> new WalkedClock(ZoneId.of(z)));
  }

  /** Draws a window of a zone. */
  static Drawn draw(Random random, String name, String zone) {
    long priority = random.nextInt(3);
    Setting set =
        new Setting(maybe(random, 9), over(random, 9), maybe(random, 90), maybe(random, 90));
    List<String> exclude = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      exclude.add(date(random).toString());
    }
    boolean[] open = new boolean[WalkedClock.MINUTES];
    return switch (random.nextInt(5)) {
      case 0, 1 -> {
        ScheduleSpec.Daily daily = daily(random, zone, exclude, open);
        yield new Drawn(
            new WindowSpec(name, priority, zone, daily, null, null, exclude, set), open);
      }
      case 2, 3 -> {
        ScheduleSpec.Cron cron = cron(random, zone, exclude, open);
        yield new Drawn(new WindowSpec(name, priority, zone, null, cron, null, exclude, set), open);
      }
      default -> {
        int from = random.nextInt(WalkedClock.MINUTES);
        int to = Math.min(WalkedClock.MINUTES, from + 1 + random.nextInt(100_000));
        fill(open, from, to);
        ScheduleSpec.Once once =
            new ScheduleSpec.Once(WalkedClock.at(from).toString(), WalkedClock.at(to).toString());
        yield new Drawn(
            new WindowSpec(name, priority, null, null, null, once, List.of(), set), open);
      }
    };
  }

  private static Long maybe(Random random, int most) {
    return random.nextInt(3) == 0 ? null : Long.valueOf(1 + random.nextInt(most));
  }

  private static Long over(Random random, int least) {
    Long more = maybe(random, 10);
    return more == null ? null : Long.valueOf(least + more);
  }

  private static LocalDate date(Random random) {
    return LocalDate.of(2009, 6, 1).plusDays(random.nextInt(3652));
  }

  private static LocalTime time(Random random) {
    // Many times at night, when clocks are set.
    int hour = random.nextInt(3) == 0 ? random.nextInt(24) : random.nextInt(4);
    return LocalTime.of(hour, random.nextInt(4) * 15);
  }

  private static ScheduleSpec.Daily daily(
      Random random, String zone, List<String> exclude, boolean[] open) {
    LocalTime from = time(random);
    LocalTime to = random.nextInt(8) == 0 ? from : time(random);
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (int i = random.nextInt(8); i > 0; i--) {
      days.add(DayOfWeek.of(1 + random.nextInt(7)));
    }
    WalkedClock clock = clock(zone);
    for (int day = -2; day < 3655; day++) {
      LocalDate date = LocalDate.of(2009, 6, 1).plusDays(day);
      if ((days.isEmpty() || days.contains(date.getDayOfWeek()))
          && !exclude.contains(date.toString())) {
        LocalDate end = from.isBefore(to) ? date : date.plusDays(1);
        fill(open, minute(clock, date.atTime(from), 0), minute(clock, end.atTime(to), open.length));
      }
    }
    return new ScheduleSpec.Daily(
        from.toString(),
        to.toString(),
        days.stream()
            .map(d ->
                d.name().charAt(0) + d.name().substring(1, 3).toLowerCase(java.util.Locale.ROOT))
            .toList());
  }

  /** What begins before the first minute is open from it on, and may be too early to be painted. */
  private static int minute(WalkedClock clock, LocalDateTime time, int otherwise) {
    int minute = clock.minute(time);
    return minute >= 0
        ? minute
        : time.isBefore(LocalDateTime.of(2014, 1, 1, 0, 0))
            ? 0
            : otherwise == 0 ? Integer.MAX_VALUE : otherwise;
  }

  private static ScheduleSpec.Cron cron(
      Random random, String zone, List<String> exclude, boolean[] open) {
    Set<Integer> minutes = some(random, 0, 59, 2);
    Set<Integer> hours = some(random, 0, 23, 3);
    boolean anyDate = random.nextBoolean();
    boolean anyDay = random.nextBoolean();
    Set<Integer> dates = some(random, 1, 31, 3);
    Set<Integer> months = random.nextBoolean() ? some(random, 1, 12, 4) : range(1, 12);
    Set<Integer> weekdays = some(random, 0, 6, 3);
    int length = 1 + random.nextInt(random.nextBoolean() ? 90 : 4000);
    WalkedClock clock = clock(zone);
    for (int day = -5; day < 3655; day++) {
      LocalDate date = LocalDate.of(2009, 6, 1).plusDays(day);
      boolean onDate = dates.contains(date.getDayOfMonth());
      boolean onDay = weekdays.contains(date.getDayOfWeek().getValue() % 7);
      boolean fits = anyDate ? anyDay || onDay : anyDay ? onDate : onDate || onDay;
      if (fits && months.contains(date.getMonthValue()) && !exclude.contains(date.toString())) {
        for (int hour : hours) {
          for (int minute : minutes) {
            int start = clock.minute(date.atTime(hour, minute));
            if (start >= 0) {
              fill(open, start, start + length);
            }
          }
        }
      }
    }
    String line =
        "%s %s %s %s %s"
            .formatted(
                list(minutes),
                list(hours),
                anyDate ? "*" : list(dates),
                months.size() == 12 ? "*" : list(months),
                anyDay ? "*" : list(weekdays));
    return new ScheduleSpec.Cron(line, length + "m");
  }

  private static String list(Set<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static Set<Integer> range(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Integer> some(Random random, int first, int last, int most) {
    Set<Integer> some = new HashSet<>();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      some.add(first + random.nextInt(last - first + 1));
    }
    return new TreeSet<>(some);
  }

  private static void fill(boolean[] open, int from, int to) {
    for (int minute = Math.max(0, from); minute < Math.min(open.length, to); minute++) {
      open[minute] = true;
    }
  }
}
