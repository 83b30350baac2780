package dev.ebb.timescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.history.Seeds;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.Values;
import dev.ebb.timescaler.api.ServiceScaler;
import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random ServiceScalers against a reference of another construction, which paints every minute of
 * some days and then every replica for itself ({@link Painted}). The seed that fails is told.
 */
class ReferenceTest {

  private static final Seeds SEEDS = Seeds.upTo(40);

  private interface Check {
    void of(Random random, ServiceScaler scaler, Painted painted);
  }

  private static void forAll(Check check) {
    LongStream seeds =
        SEEDS.only() == null
            ? LongStream.rangeClosed(1, SEEDS.count())
            : LongStream.of(SEEDS.only());
    seeds.forEach(seed -> {
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      ServiceScaler scaler = RandomScalers.draw(random);
      try {
        check.of(random, scaler, new Painted(scaler));
      } catch (AssertionError e) {
        throw new AssertionError(
            "seed %d (replay with -D%s=%d): %s%n%s"
                .formatted(seed, Seeds.SEED, seed, scaler.spec(), e.getMessage()),
            e);
      }
    });
  }

  @Test
  void everyMinuteIsAsPainted() {
    forAll((random, scaler, painted) -> {
      Schedule schedule = Scalers.schedule(scaler);
      for (int minute = Painted.FIRST; minute < Painted.LAST; minute++) {
        Values values = schedule.inForce(Painted.at(minute));
        assertThat(values.min()).as("min at %s", Painted.at(minute)).isEqualTo(painted.min(minute));
        assertThat(values.max()).as("max at %s", Painted.at(minute)).isEqualTo(painted.max(minute));
        assertThat(schedule.window(Painted.at(minute)).isPresent())
            .as("match at %s", Painted.at(minute))
            .isEqualTo(painted.matches(minute));
      }
    });
  }

  @Test
  void whatIsInForceIsOrderedAndNeverBelowTheSchedule() {
    forAll((random, scaler, painted) -> {
      Schedule schedule = Scalers.schedule(scaler);
      for (int i = 0; i < 500; i++) {
        Instant at = anInstant(random);
        Values inForce = schedule.inForce(at);
        Values scheduled = schedule.scheduled(at);
        assertThat(inForce.min()).isBetween(scheduled.min(), inForce.max());
        assertThat(inForce.max()).isGreaterThanOrEqualTo(scheduled.max());
        assertThat(inForce.cpu()).isEqualTo(scheduled.cpu());
        assertThat(inForce.memory()).isEqualTo(scheduled.memory());
      }
    });
  }

  @Test
  void nothingChangesBeforeTheNextChange() {
    forAll((random, scaler, painted) -> {
      Schedule schedule = Scalers.schedule(scaler);
      for (int i = 0; i < 200; i++) {
        Instant at = anInstant(random);
        Values now = schedule.inForce(at);
        Instant next = schedule.nextChange(at).orElse(at.plusSeconds(86_400));
        assertThat(next).isAfter(at);
        assertThat(schedule.inForce(next.minusNanos(1))).isEqualTo(now);
        long nanos = java.time.Duration.between(at, next).toNanos();
        assertThat(schedule.inForce(at.plusNanos((long) (random.nextDouble() * nanos))))
            .isEqualTo(now);
      }
    });
  }

  @Test
  void theNextTransitionIsTheNextTimeThatTheScheduleSaysAnotherThing() {
    forAll((random, scaler, painted) -> {
      Schedule schedule = Scalers.schedule(scaler);
      Instant at = anInstant(random);
      schedule
          .nextTransition(at)
          .ifPresent(next -> {
            assertThat(next.values()).isEqualTo(schedule.scheduled(next.at()));
            assertThat(next.window()).isEqualTo(schedule.window(next.at()));
            Instant before = next.at().minusNanos(1);
            assertThat(schedule.scheduled(before)).isEqualTo(schedule.scheduled(at));
            assertThat(schedule.window(before)).isEqualTo(schedule.window(at));
            assertThat(
                    next.values().equals(schedule.scheduled(at))
                        && next.window().equals(schedule.window(at)))
                .isFalse();
          });
    });
  }

  @Test
  void aStepIsNoMoreThanASixthOfWhatChangesNearby() {
    forAll((random, scaler, painted) -> {
      Schedule schedule = Scalers.schedule(scaler);
      int before = schedule.inForce(Painted.at(Painted.FIRST)).min();
      for (int minute = Painted.FIRST + 1; minute < Painted.LAST; minute++) {
        int after = schedule.inForce(Painted.at(minute)).min();
        assertThat(Math.abs(after - before))
            .as("step at %s", Painted.at(minute))
            .isLessThanOrEqualTo(painted.largestStep(minute));
        before = after;
      }
    });
  }

  private static Instant anInstant(Random random) {
    return Painted.at(Painted.FIRST + random.nextInt(Painted.LAST - Painted.FIRST))
        .plusNanos(random.nextLong(60_000_000_000L));
  }
}
