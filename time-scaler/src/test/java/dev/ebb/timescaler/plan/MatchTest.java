package dev.ebb.timescaler.plan;

import static dev.ebb.timescaler.plan.Scalers.daily;
import static dev.ebb.timescaler.plan.Scalers.hpa;
import static dev.ebb.timescaler.plan.Scalers.min;
import static dev.ebb.timescaler.plan.Scalers.once;
import static dev.ebb.timescaler.plan.Scalers.schedule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Window;
import dev.ebb.timescaler.api.ServiceScaler;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** T1 to T4 and T6: which range matches when, in its own zone, whatever the process's zone. */
class MatchTest {

  private static final ServiceScaler README =
      Scalers.of(
          hpa(4, 8, 50, 75),
          daily("16:00+05:30", "00:00+05:30", hpa(3, null, null, 0)),
          daily("00:00+05:30", "08:00+05:30", hpa(2, null, null, 0)));

  private static String window(ServiceScaler scaler, String at) {
    return schedule(scaler).window(Instant.parse(at)).map(Window::name).orElse("none");
  }

  @ParameterizedTest(name = "T1: {0}")
  @CsvSource({
    "2024-01-19T02:29:59Z,R2",
    "2024-01-19T02:30:00Z,none",
    "2024-01-19T02:30:01Z,none",
    "2024-01-19T10:29:59Z,none",
    "2024-01-19T10:30:00Z,R1",
    "2024-01-19T10:30:01Z,R1",
    "2024-01-19T12:00:00Z,R1",
    "2024-01-19T18:29:59Z,R1",
    "2024-01-19T18:30:00Z,R2",
    "2024-01-19T18:30:01Z,R2",
    "2024-01-19T20:00:00Z,R2",
    "2024-01-19T23:59:59Z,R2",
    "2024-01-20T00:00:00Z,R2",
    "2024-01-20T02:29:59Z,R2",
    "2024-01-20T02:30:00Z,none"
  })
  void theReadmesRangesMatchInTheirOwnZone(String at, String range) {
    String expected =
        switch (range) {
          case "R1" -> "16:00+05:30 to 00:00+05:30";
          case "R2" -> "00:00+05:30 to 08:00+05:30";
          default -> "none";
        };
    assertThat(window(README, at)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "T2: {0}")
  @CsvSource({
    "21:59,false",
    "22:00,true",
    "22:01,true",
    "23:59,true",
    "00:00,true",
    "00:01,true",
    "03:00,true",
    "05:59,true",
    "06:00,false",
    "12:00,false"
  })
  void aNightLastsUntilMorning(String time, boolean matches) {
    ServiceScaler night = Scalers.of(hpa(4, 8), daily("22:00+00:00", "06:00+00:00", min(1)));

    assertThat(window(night, "2024-01-19T" + time + ":00Z").equals("none")).isNotEqualTo(matches);
  }

  @ParameterizedTest(name = "T3: {0} to {0} at {1}")
  @CsvSource({"00:00,12:00", "12:00,12:00", "12:00,11:59", "00:00,00:00"})
  void fromATimeToTheSameTimeIsAlways(String time, String at) {
    ServiceScaler always = Scalers.of(hpa(4, 8), daily(time + "+00:00", time + "+00:00", min(6)));

    assertThat(window(always, "2024-01-19T" + at + ":00Z")).isNotEqualTo("none");
    assertThat(schedule(always).nextTransition(Instant.parse("2024-01-19T12:00:00Z"))).isEmpty();
    assertThat(schedule(always).nextChange(Instant.parse("2024-01-19T12:00:00Z"))).isEmpty();
  }

  @ParameterizedTest(name = "T4: {0}")
  @CsvSource({
    "2024-01-19T02:29:59Z,false",
    "2024-01-19T02:30:00Z,true",
    "2024-01-19T02:30:00.000000001Z,true",
    "2024-01-19T04:29:59Z,true",
    "2024-01-19T04:30:00Z,false",
    "2024-01-20T03:00:00Z,false"
  })
  void aOneOffMatchesFromItsFirstInstantOn(String at, boolean matches) {
    ServiceScaler scaler =
        Scalers.of(
            hpa(4, 8), once("2024-01-19T08:00:00+05:30", "2024-01-19T10:00:00+05:30", min(6)));

    assertThat(window(scaler, at).equals("none")).isNotEqualTo(matches);
  }

  @Test
  void aOneOffThatEndsBeforeItBeginsNeverMatches() {
    ServiceScaler reversed =
        Scalers.of(hpa(4, 8), once("2024-01-20T00:00:00Z", "2024-01-18T00:00:00Z", min(6)));

    assertThat(window(reversed, "2024-01-19T00:00:00Z")).isEqualTo("none");
    assertThat(Translation.of(reversed).findings())
        .extracting(Finding::text)
        .containsExactly(
            "spec.timeRangeSpec[0].to: is not after from, so the range never matches; correct it");
  }

  @ParameterizedTest(name = "T6: {0}")
  @CsvSource({
    "00:30,false,4",
    "01:00,true,9",
    "01:30,true,9",
    "02:30,true,9",
    "03:59,true,9",
    "04:30,false,4",
    "20:30,false,4"
  })
  void anEveningInNewYorkIsTheNextDayInUtc(String time, boolean matches, int minimum) {
    ServiceScaler evening = Scalers.of(hpa(4, 20), daily("20:00-05:00", "23:00-05:00", min(9)));
    Instant at = Instant.parse("2024-01-19T" + time + ":00Z");

    assertThat(schedule(evening).window(at).isPresent()).isEqualTo(matches);
    assertThat(schedule(evening).inForce(at).min()).isEqualTo(minimum);
  }
}
