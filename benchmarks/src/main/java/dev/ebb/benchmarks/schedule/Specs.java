package dev.ebb.benchmarks.schedule;

import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timeplan.ScheduleSpec.Cron;
import dev.ebb.timeplan.ScheduleSpec.Daily;
import dev.ebb.timeplan.ScheduleSpec.Once;
import dev.ebb.timeplan.ScheduleSpec.RampSpec;
import dev.ebb.timeplan.ScheduleSpec.Setting;
import dev.ebb.timeplan.ScheduleSpec.WindowSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Schedules as users write them. */
public enum Specs {
  /** Working hours, a quiet night, and the weekend. */
  WEEKDAYS("daily windows with weekdays and zone") {
    @Override
    ScheduleSpec spec() {
      return of(
          List.of(
              daily("work", 0, "08:00", "18:30", List.of("Mon", "Tue", "Wed", "Thu", "Fri"), 6),
              daily("night", 0, "22:00", "06:00", List.of(), 2),
              daily("weekend", 0, "09:00", "17:00", List.of("Sat", "Sun"), 3)),
          null);
    }
  },
  /** Lines of a crontab, each with a duration. */
  CRON("cron and duration") {
    @Override
    ScheduleSpec spec() {
      return of(
          List.of(
              cron("morning", 0, "30 7 * * mon-fri", "2h", 12),
              cron("weekend", 0, "0 18 * * fri", "62h", 2)),
          null);
    }
  },
  /** A day, above it a month's end, above both a sale. */
  OVERLAY("three priorities") {
    @Override
    ScheduleSpec spec() {
      return of(layers(), null);
    }
  },
  /** The same in steps. */
  RAMP("three priorities and a ramp") {
    @Override
    ScheduleSpec spec() {
      return of(layers(), new RampSpec("30m", 6L));
    }
  };

  private final String text;

  Specs(String text) {
    this.text = text;
  }

  /** What users read. */
  String text() {
    return text;
  }

  abstract ScheduleSpec spec();

  private static List<WindowSpec> layers() {
    return List.of(
        daily("day", 0, "08:00", "20:00", List.of("Mon", "Tue", "Wed", "Thu", "Fri"), 6),
        cron("closing", 10, "0 6 28-31 * *", "16h", 10),
        new WindowSpec(
            "sale",
            20L,
            null,
            null,
            null,
            new Once("2026-11-27T00:00:00+01:00", "2026-11-29T00:00:00+01:00"),
            List.of(),
            setting(20)));
  }

  private static ScheduleSpec of(List<WindowSpec> windows, @Nullable RampSpec ramp) {
    return new ScheduleSpec(
        null, null, "Europe/Berlin", setting(1), windows, ramp, null, null, List.of());
  }

  private static WindowSpec daily(
      String name, long priority, String from, String to, List<String> days, long min) {
    return new WindowSpec(
        name, priority, null, new Daily(from, to, days), null, null, List.of(), setting(min));
  }

  private static WindowSpec cron(
      String name, long priority, String start, String duration, long min) {
    return new WindowSpec(
        name,
        priority,
        null,
        null,
        new Cron(start, duration),
        null,
        List.of("2026-12-25"),
        setting(min));
  }

  private static Setting setting(long min) {
    return new Setting(min, min * 4, null, null);
  }
}
