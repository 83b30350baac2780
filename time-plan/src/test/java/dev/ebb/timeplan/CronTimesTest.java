package dev.ebb.timeplan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTimesTest {

  @ParameterizedTest(name = "{0} from {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "0 9 * * mon-fri|2026-03-07T00:00|2026-03-09T09:00",
        "0 9 * * MON-FRI|2026-03-09T09:00|2026-03-09T09:00",
        "0 9 * * 1-5|2026-03-09T09:00:01|2026-03-10T09:00",
        "0 18 * * fri|2026-03-09T00:00|2026-03-13T18:00",
        "*/15 * * * *|2026-03-09T10:46|2026-03-09T11:00",
        "5/20 * * * *|2026-03-09T10:26|2026-03-09T10:45",
        "0 0 29 2 *|2026-03-01T00:00|2028-02-29T00:00",
        "0 0 29 2 *|2096-03-01T00:00|2104-02-29T00:00",
        "30 8-10/2 1,15 jan,jul *|2026-03-01T00:00|2026-07-01T08:30",
        "0 0 13 * fri|2026-03-01T00:00|2026-03-06T00:00",
        "0 0 13 * fri|2026-04-11T00:00|2026-04-13T00:00",
        "0 0 * * 7|2026-03-02T00:00|2026-03-08T00:00",
        "0 0 * * 5-7|2026-03-02T00:00|2026-03-06T00:00",
        "59 23 31 12 *|2026-12-31T23:59|2026-12-31T23:59",
        "  0   9 * *   * |2026-03-09T09:01|2026-03-10T09:00"
      })
  void findsTheNextTime(String line, LocalDateTime from, LocalDateTime expected) {
    assertThat(CronTimes.parse(line).orElseThrow().from(from)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "5-3 * * * *",
        "*-5 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "* * * foo *",
        "1,,2 * * * *",
        "-1 * * * *",
        "@daily"
      })
  void refusesWhatIsNoCrontabLine(String line) {
    assertThat(CronTimes.parse(line)).isEmpty();
  }

  @Test
  void aDateThatNeverComesIsNeverFound() {
    assertThat(CronTimes.parse("0 0 31 2 *").orElseThrow().from(LocalDateTime.of(2026, 1, 1, 0, 0)))
        .isEmpty();
  }
}
