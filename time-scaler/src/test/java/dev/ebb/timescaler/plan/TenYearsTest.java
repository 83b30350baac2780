package dev.ebb.timescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.history.Seeds;
import dev.ebb.timeplan.Recurrence;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.ScheduleReading;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timeplan.ScheduleSpec.Setting;
import dev.ebb.timeplan.Values;
import dev.ebb.timescaler.plan.RandomSchedules.Drawn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random schedules over ten years, in zones that set their clocks in every way, against a reference
 * of another construction: a clock that is walked minute by minute ({@link WalkedClock}) and
 * windows that are painted onto it. The first and the last days are left out: what began before
 * them is not painted.
 */
class TenYearsTest {

  private static final Seeds SEEDS = Seeds.upTo(24);
  private static final int EDGE = 10 * 24 * 60;
  private static final int FIRST = EDGE;
  private static final int LAST = WalkedClock.MINUTES - EDGE;

  private static void forAll(java.util.function.BiConsumer<Random, List<Drawn>> check) {
    LongStream seeds =
        SEEDS.only() == null
            ? LongStream.rangeClosed(1, SEEDS.count())
            : LongStream.of(SEEDS.only());
    seeds.forEach(seed -> {
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      List<Drawn> windows =
          IntStream.rangeClosed(0, random.nextInt(4))
              .mapToObj(i ->
                  RandomSchedules.draw(
                      random,
                      "w" + i,
                      RandomSchedules.ZONES.get(random.nextInt(RandomSchedules.ZONES.size()))))
              .toList();
      try {
        check.accept(random, windows);
      } catch (AssertionError e) {
        throw new AssertionError(
            "seed %d (replay with -D%s=%d): %s%n%s"
                .formatted(
                    seed,
                    Seeds.SEED,
                    seed,
                    windows.stream().map(Drawn::spec).toList(),
                    e.getMessage()),
            e);
      }
    });
  }

  private static ScheduleReading reading(List<Drawn> windows) {
    ScheduleSpec spec =
        new ScheduleSpec(
            null,
            null,
            null,
            new Setting(1L, 5L, null, null),
            windows.stream().map(Drawn::spec).toList(),
            null,
            null,
            null,
            List.of());
    return ScheduleReading.of(spec, 0);
  }

  @Test
  void everyOpeningAndClosingIsWhereItIsPainted() {
    forAll((random, windows) -> {
      ScheduleReading reading = reading(windows);
      for (Drawn drawn : windows) {
        Recurrence when =
            reading.windows().stream()
                .filter(ranked -> ranked.window().name().equals(drawn.spec().name()))
                .findFirst()
                .orElseThrow()
                .window()
                .when();
        assertThat(changes(when)).as(drawn.spec().toString()).isEqualTo(painted(drawn.open()));
        for (int i = 0; i < 2000; i++) {
          int minute = FIRST + random.nextInt(LAST - FIRST);
          assertThat(when.contains(WalkedClock.at(minute)))
              .as("%s at %s", drawn.spec(), WalkedClock.at(minute))
              .isEqualTo(drawn.open()[minute]);
        }
      }
    });
  }

  private static List<Instant> changes(Recurrence when) {
    List<Instant> changes = new ArrayList<>();
    Instant end = WalkedClock.at(LAST);
    Instant at = when.next(WalkedClock.at(FIRST));
    while (at != null && at.isBefore(end)) {
      if (when.contains(at) != when.contains(at.minusNanos(1))) {
        changes.add(at);
      }
      at = when.next(at);
    }
    return changes;
  }

  private static List<Instant> painted(boolean[] open) {
    List<Instant> changes = new ArrayList<>();
    for (int minute = FIRST + 1; minute < LAST; minute++) {
      if (open[minute] != open[minute - 1]) {
        changes.add(WalkedClock.at(minute));
      }
    }
    return changes;
  }

  @Test
  void eachFieldIsSetByTheOpenWindowOfTheHighestRank() {
    forAll((random, windows) -> {
      Schedule schedule = reading(windows).schedule(new Values(1, 5, 50, null));
      for (int i = 0; i < 2000; i++) {
        int minute = FIRST + random.nextInt(LAST - FIRST);
        Values expected =
            new Values(
                    field(windows, minute, Setting::minReplicas, 1),
                    field(windows, minute, Setting::maxReplicas, 5),
                    field(windows, minute, Setting::targetCPUUtilization, 50),
                    field(windows, minute, Setting::targetMemoryUtilization, null))
                .ordered();
        assertThat(schedule.scheduled(WalkedClock.at(minute)))
            .as("at %s", WalkedClock.at(minute))
            .isEqualTo(expected);
      }
    });
  }

  /** Asks each window whether it beats the best one so far. */
  private static Integer field(
      List<Drawn> windows, int minute, Function<Setting, Long> field, Integer otherwise) {
    return windows.stream()
        .filter(drawn -> drawn.open()[minute] && value(drawn, field) != null)
        .max(
            Comparator.<Drawn>comparingLong(drawn -> drawn.spec().priority())
                .thenComparing(drawn -> drawn.spec().once() != null)
                .thenComparing(drawn -> drawn.spec().name(), Comparator.reverseOrder()))
        .map(drawn -> value(drawn, field).intValue())
        .orElse(otherwise);
  }

  private static Long value(Drawn drawn, Function<Setting, Long> field) {
    return field.apply(drawn.spec().set());
  }
}
