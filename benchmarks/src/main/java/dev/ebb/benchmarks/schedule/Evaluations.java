package dev.ebb.benchmarks.schedule;

import dev.ebb.timeplan.Conflict;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.ScheduleReading;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timeplan.ScheduleSpec.Cron;
import dev.ebb.timeplan.ScheduleSpec.Daily;
import dev.ebb.timeplan.ScheduleSpec.Once;
import dev.ebb.timeplan.ScheduleSpec.Setting;
import dev.ebb.timeplan.ScheduleSpec.WindowSpec;
import dev.ebb.timeplan.Values;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What the service asks of a schedule, at one instant. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
public class Evaluations {

  private static final Values BEFORE = new Values(4, 9, null, null);
  private static final Setting FEW = new Setting(1L, null, null, null);

  private final ScheduleSpec night = spec(List.of(daily()), null);
  private final ScheduleSpec shop =
      spec(List.of(daily(), weekend(), sale()), new ScheduleSpec.RampSpec("30m", 6L));
  private final ScheduleReading shopReading = ScheduleReading.of(shop, 1);
  private final Schedule shopRead = shopReading.schedule(BEFORE);
  private final Schedule nightRead = ScheduleReading.of(night, 1).schedule(BEFORE);
  private final Instant now = Instant.parse("2026-03-10T12:00:00Z");

  /** Made by JMH. */
  public Evaluations() {}

  private static ScheduleSpec spec(List<WindowSpec> windows, ScheduleSpec.@Nullable RampSpec ramp) {
    return new ScheduleSpec(
        null, null, "Europe/Berlin", null, windows, ramp, null, null, List.of());
  }

  private static WindowSpec daily() {
    return new WindowSpec(
        "night", 0L, null, new Daily("22:00", "06:00", List.of()), null, null, List.of(), FEW);
  }

  private static WindowSpec weekend() {
    return new WindowSpec(
        "weekend",
        0L,
        null,
        null,
        new Cron("0 18 * * fri", "62h"),
        null,
        List.of("2026-12-18"),
        new Setting(null, 6L, null, null));
  }

  private static WindowSpec sale() {
    return new WindowSpec(
        "sale",
        10L,
        null,
        null,
        null,
        new Once("2026-11-27T00:00:00+01:00", "2026-11-29T00:00:00+01:00"),
        List.of(),
        new Setting(20L, 80L, null, null));
  }

  /** One window, as most schedules have. */
  @Benchmark
  public void oneWindow(Blackhole sink) {
    evaluate(nightRead, sink);
  }

  /** Three windows of every kind, with a ramp: the sample of the guide. */
  @Benchmark
  public void threeWindowsAndARamp(Blackhole sink) {
    evaluate(shopRead, sink);
  }

  /** What rules, what is in force, and when that changes. */
  private void evaluate(Schedule schedule, Blackhole sink) {
    sink.consume(schedule.window(now));
    sink.consume(schedule.inForce(now));
    sink.consume(schedule.nextChange(now));
  }

  /** The same three windows, from the text in which users write them. */
  @Benchmark
  public Schedule reading() {
    return ScheduleReading.of(shop, 1).schedule(BEFORE);
  }

  /** What else the status says: what comes next, and who is in whose way. */
  @Benchmark
  public void telling(Blackhole sink) {
    sink.consume(shopRead.nextTransition(now));
    sink.consume(Conflict.next(shopReading, now));
  }
}
