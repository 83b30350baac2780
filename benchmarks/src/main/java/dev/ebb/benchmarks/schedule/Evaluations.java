package dev.ebb.benchmarks.schedule;

import dev.ebb.timeplan.Conflict;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.ScheduleReading;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timeplan.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What the time-scaler asks of a schedule, at instants of a whole year in turn. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
public class Evaluations {

  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final int INSTANTS = 1024;
  private static final Values BEFORE = new Values(4, 9, null, null);

  /** Which schedule. */
  @Param public Specs schedule = Specs.WEEKDAYS;

  private final Instant[] instants = new Instant[INSTANTS];
  private ScheduleSpec spec = schedule.spec();
  private ScheduleReading reading = ScheduleReading.of(spec, 1);
  private Schedule read = reading.schedule(BEFORE);
  private int at;

  /** Made by JMH. */
  public Evaluations() {}

  /** Reads the schedule, and draws the instants. */
  @Setup
  public void read() {
    spec = schedule.spec();
    reading = ScheduleReading.of(spec, 1);
    read = reading.schedule(BEFORE);
    Random random = new Random(1);
    for (int i = 0; i < INSTANTS; i++) {
      instants[i] = FIRST.plusMillis(random.nextLong(Duration.ofDays(365).toMillis()));
    }
  }

  private Instant now() {
    at = (at + 1) % INSTANTS;
    return instants[at];
  }

  /** What rules, what is in force with its ramps, what comes next, when to look again. */
  @Benchmark
  public void evaluation(Blackhole sink) {
    evaluate(read, now(), sink);
  }

  private static void evaluate(Schedule schedule, Instant now, Blackhole sink) {
    sink.consume(schedule.window(now));
    sink.consume(schedule.scheduled(now));
    sink.consume(schedule.inForce(now));
    sink.consume(schedule.nextTransition(now));
    sink.consume(schedule.nextChange(now));
  }

  /** All of a look at an object: its text is read, and windows in each other's way are found. */
  @Benchmark
  public void look(Blackhole sink) {
    Instant now = now();
    ScheduleReading fresh = ScheduleReading.of(spec, 1);
    evaluate(fresh.schedule(BEFORE), now, sink);
    sink.consume(Conflict.next(fresh, now));
  }
}
