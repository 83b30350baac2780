package dev.ebb.timescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.Durations;
import dev.ebb.timeplan.ScheduleReading;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A schedule's durations are read as those of every other resource are. */
class SpansTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30m", "1h30m", "90s", "1.5h", "250ms", "62h", "", "1d", "h", "-5m", "3651d", "5 m"
      })
  void readsWhatOthersRead(String text) {
    Duration all = Durations.parse(text).orElse(Duration.ZERO);
    boolean usable =
        all.compareTo(Duration.ofSeconds(1)) >= 0 && all.compareTo(Duration.ofDays(1)) <= 0;

    ScheduleReading reading =
        ScheduleReading.of(
            Schedules.ofHpa("'ramp': {'duration': '" + text + "', 'steps': 1}").spec(), 1);

    assertThat(reading.findings().isEmpty()).isEqualTo(usable);
    if (usable) {
      assertThat(reading.ramp().length()).isEqualTo(all);
    }
  }
}
