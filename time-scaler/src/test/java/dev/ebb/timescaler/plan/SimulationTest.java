package dev.ebb.timescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.Simulation;
import dev.ebb.timeplan.Simulation.Point;
import dev.ebb.timeplan.Simulation.Span;
import dev.ebb.timeplan.Values;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimulationTest {

  private static final Instant FROM = Instant.parse("2026-03-10T12:00:00Z");
  private static final Instant TO = Instant.parse("2026-03-11T12:00:00Z");
  private static final String SPEC =
      """
      'baseline': {'minReplicas': 4, 'maxReplicas': 9},
      'windows': [
        {'name': 'night', 'priority': 1, 'daily': {'from': '22:00', 'to': '06:00'},
         'set': {'minReplicas': 1}},
        {'name': 'hidden', 'daily': {'from': '23:00', 'to': '05:00'}, 'set': {'minReplicas': 7}},
        {'name': 'later', 'once': {'from': '2027-01-01T00:00:00Z', 'to': '2027-01-02T00:00:00Z'},
         'set': {'minReplicas': 7}}]
      """;

  private static Simulation simulate(String spec) {
    return Simulation.of(schedule(spec), FROM, TO);
  }

  private static Schedule schedule(String spec) {
    return SchedulePlanner.timeline(
        new ScheduleObserved(Schedules.ofHpa(spec), null, null, Optional.empty(), FROM));
  }

  @Test
  void tellsEachChangeTheGapsAndWhatDoesNothing() {
    Simulation simulation = simulate(SPEC);

    assertThat(simulation.timeline())
        .containsExactly(
            new Point(FROM, null, new Values(4, 9, null, null)),
            new Point(Instant.parse("2026-03-10T22:00:00Z"), "night", new Values(1, 9, null, null)),
            new Point(Instant.parse("2026-03-11T06:00:00Z"), null, new Values(4, 9, null, null)));
    assertThat(simulation.complete()).isTrue();
    assertThat(simulation.gaps())
        .containsExactly(
            new Span(FROM, Instant.parse("2026-03-10T22:00:00Z")),
            new Span(Instant.parse("2026-03-11T06:00:00Z"), TO));
    assertThat(simulation.dead()).containsExactlyInAnyOrder("hidden", "later");
  }

  @Test
  void eachInstantIsAsItsLatestPointSays() {
    Schedule schedule = schedule(SPEC + ", 'ramp': {'duration': '2h', 'steps': 3}");
    Simulation simulation = Simulation.of(schedule, FROM, TO);
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      Instant at = FROM.plusSeconds(random.nextInt(24 * 60 * 60));
      Point latest =
          simulation.timeline().stream()
              .filter(point -> !point.at().isAfter(at))
              .reduce((a, b) -> b)
              .orElseThrow();
      assertThat(schedule.inForce(at)).as("at %s", at).isEqualTo(latest.values());
    }
  }

  @Test
  void aTimelineHasAnEnd() {
    Simulation simulation =
        simulate(
            "'windows': [{'name': 'x', 'cron': {'start': '* * * * *', 'duration': '1s'},"
                + " 'set': {'minReplicas': 3}}]");

    assertThat(simulation.timeline()).hasSize(1000);
    assertThat(simulation.complete()).isFalse();
  }
}
