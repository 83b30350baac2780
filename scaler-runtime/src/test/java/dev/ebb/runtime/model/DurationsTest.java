package dev.ebb.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "10m,PT10M",
    "1h30m,PT1H30M",
    "90s,PT1M30S",
    "250ms,PT0.25S",
    "1.5s,PT1.5S",
    "0s,PT0S",
    "24h,PT24H"
  })
  void readsWhatKubernetesUsersWrite(String text, Duration expected) {
    assertThat(Durations.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "-5m", "m", "5 m", "1d", "10mx", "999999999h", "١s"})
  void whatItCannotReadIsEmpty(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10m", "1h30m", "1m30s", "45s", "250ms", "2h"})
  void writesWhatItReads(String text) {
    assertThat(Durations.format(Durations.parse(text).orElseThrow())).isEqualTo(text);
  }
}
