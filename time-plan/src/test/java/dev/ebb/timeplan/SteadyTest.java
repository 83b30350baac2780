package dev.ebb.timeplan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyTest {

  private static final Instant FIRST = Instant.parse("2009-01-01T00:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Z",
        "+05:45",
        "Europe/Berlin",
        "Pacific/Apia",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "Asia/Tehran"
      })
  void timesFollowByAddingOrAreLookedUp(String name) {
    ZoneId zone = ZoneId.of(name);
    Random random = new Random(1);
    int added = 0;
    for (int i = 0; i < 20_000; i++) {
      Instant instant = FIRST.plusSeconds(random.nextLong(Duration.ofDays(6570).toSeconds()));
      Steady clock = Steady.around(instant, zone);
      // From two days before on, as a daily window looks back
      LocalDateTime time =
          clock.shown(instant).minusDays(2).plusSeconds(random.nextInt(20 * 86_400));

      assertThat(clock.at(time, zone)).isEqualTo(time.atZone(zone).toInstant());
      added += clock.holds(time.toEpochSecond(clock.offset()), Steady.DAY) ? 1 : 0;
    }
    assertThat(added).isGreaterThan(15_000);
  }
}
