package dev.ebb.timescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** T5: every form of a time that service-scaler accepted, and none that it did not. */
class TimeTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "08:00+05:30|02:30",
        "08:00+0530|02:30",
        "8:00+05:30|02:30",
        "8:0+00:00|08:00",
        "08:00 +05:30|02:30",
        " 08:00+05:30|02:30",
        "08:00+05 30|02:30",
        "08:00-03:30|11:30",
        "08:00\u221203:30|11:30",
        "08:00+14:00|18:00",
        "20:00-05:00|01:00",
        "00:00+05:30|18:30",
        "23:59-23:59|23:58",
        "00:00+23:59|00:01"
      })
  void readsAZonedTime(String text, LocalTime utc) {
    assertThat(TimeText.zonedTime(text)).contains(utc);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08:00Z",
        "08:00+05",
        "08:00:00+05:30",
        "24:00+00:00",
        "23:60+00:00",
        "08:00",
        "08:00+24:00",
        "08:00+05:60",
        "08:00 Asia/Kolkata",
        "08:00+05:30 ",
        "08 :00+05:30",
        "9am",
        ""
      })
  void refusesWhatIsNoZonedTime(String text) {
    assertThat(TimeText.zonedTime(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2024-11-01T08:00:00+05:30,2024-11-01T02:30:00Z",
    "2024-11-01T08:00:00Z,2024-11-01T08:00:00Z",
    "2024-11-01t08:00:00z,2024-11-01T08:00:00Z",
    "2024-11-01 08:00:00Z,2024-11-01T08:00:00Z",
    "2024-11-01T08:00:00.25Z,2024-11-01T08:00:00.250Z",
    "2024-11-01T08:00:00.1234567891Z,2024-11-01T08:00:00.123456789Z",
    "2024-11-01T08:00:60Z,2024-11-01T08:01:00Z",
    "2024-11-01T08:00:00-03:30,2024-11-01T11:30:00Z",
    "2024-02-29T00:00:00+23:59,2024-02-28T00:01:00Z"
  })
  void readsAZonedDateTime(String text, Instant instant) {
    assertThat(TimeText.zonedDateTime(text)).contains(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-11-01T08:00+05:30",
        "2024-11-01T08:00:00",
        "2024-11-01T08:00:00+0530",
        "2024-11-01T24:00:00Z",
        "2024-11-01T08:60:00Z",
        "2024-11-01T08:00:61Z",
        "2024-02-30T08:00:00Z",
        "2023-02-29T08:00:00Z",
        "2024-13-01T08:00:00Z",
        "2024-11-01T08:00:00+05:30[Asia/Kolkata]",
        "2024-11-01T08:00:00+24:00",
        "2024-11-01T08:00:00Z ",
        ""
      })
  void refusesWhatIsNoZonedDateTime(String text) {
    assertThat(TimeText.zonedDateTime(text)).isEmpty();
  }
}
