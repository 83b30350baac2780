package dev.ebb.timescaler.plan;

import static dev.ebb.timescaler.plan.Scalers.daily;
import static dev.ebb.timescaler.plan.Scalers.hpa;
import static dev.ebb.timescaler.plan.Scalers.max;
import static dev.ebb.timescaler.plan.Scalers.min;
import static dev.ebb.timescaler.plan.Scalers.once;
import static dev.ebb.timescaler.plan.Scalers.schedule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.Values;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.HpaValues;
import dev.ebb.timescaler.api.ServiceScaler.TimeRange;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * T7 to T23: the ramps. The steps are those of service-scaler; upwards the last one is taken at the
 * boundary and not minutes before it, downwards the first one is.
 */
class RampTablesTest {

  private static final HpaValues LOW = hpa(2, 40);

  private static int minimum(ServiceScaler scaler, String time) {
    return inForce(scaler, time).min();
  }

  private static int maximum(ServiceScaler scaler, String time) {
    return inForce(scaler, time).max();
  }

  private static Values inForce(ServiceScaler scaler, String time) {
    String seconds = time.length() == 5 ? time + ":00" : time;
    return schedule(scaler).inForce(Instant.parse("2024-01-19T" + seconds + "Z"));
  }

  private static TimeRange utc(String from, String to, HpaValues values) {
    return daily(from + "+00:00", to + "+00:00", values);
  }

  @ParameterizedTest(name = "T7: {0} {1}")
  @CsvSource({
    "08:20,2",
    "08:25,2",
    "08:30,2",
    "08:35,4",
    "08:40,6",
    "08:45,8",
    "08:50,10",
    "08:55,12",
    "09:00,14",
    "09:05,14",
    "12:00,14",
    "16:59,14"
  })
  void climbsAndIsThereAtTheBoundary(String time, int expected) {
    assertThat(minimum(Scalers.of(LOW, utc("09:00", "17:00", min(14))), time)).isEqualTo(expected);
  }

  @Test
  void aHundredLooksAtOnceClimbNoFurtherThanOne() {
    // T8: every write made the next step at once; here the clock alone does.
    Schedule schedule = schedule(Scalers.of(LOW, utc("09:00", "17:00", min(14))));
    Instant at = Instant.parse("2024-01-19T08:35:00Z");

    for (int look = 0; look < 100; look++) {
      assertThat(schedule.inForce(at.plusNanos(look)).min()).isEqualTo(4);
    }
  }

  @ParameterizedTest(name = "T9: {0} s before: {1}")
  @CsvSource({
    "2101,2", "2100,2", "2099,2", "1800,2", "1799,2", "1501,2", "1500,4", "1499,4", "1201,4",
    "1200,6", "900,8", "899,8", "600,10", "599,10", "300,12", "299,12", "1,12", "0,14"
  })
  void stepsAreTakenToTheSecond(int secondsBefore, int expected) {
    Schedule schedule = schedule(Scalers.of(LOW, utc("09:00", "17:00", min(14))));

    Instant at = Instant.parse("2024-01-19T09:00:00Z").minusSeconds(secondsBefore);

    assertThat(schedule.inForce(at).min()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "T10: {0} {1}")
  @CsvSource({
    "16:25,14",
    "16:55,14",
    "16:59:59,14",
    "17:00,12",
    "17:05,10",
    "17:10,8",
    "17:15,6",
    "17:20,4",
    "17:25,2",
    "17:30,2",
    "18:00,2"
  })
  void takesNothingAwayBeforeTheEnd(String time, int expected) {
    assertThat(minimum(Scalers.of(LOW, utc("09:00", "17:00", min(14))), time)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "T11: {0} {1}")
  @CsvSource({"15:50,4", "15:55,4", "15:59:59,4", "16:00,3", "17:00,3"})
  void aSmallDifferenceIsTakenAtTheBoundary(String time, int expected) {
    assertThat(minimum(Scalers.of(hpa(4, 8), utc("16:00", "23:00", min(3))), time))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "T12: {0} {1}")
  @CsvSource({
    "11:30,10",
    "11:55,10",
    "12:00,8",
    "12:05,7",
    "12:10,6",
    "12:15,5",
    "12:20,4",
    "12:25,3",
    "13:00,3"
  })
  void aDifferenceThatDoesNotDivideIsNotLeftForTheEnd(String time, int expected) {
    assertThat(minimum(Scalers.of(hpa(10, 40), utc("12:00", "20:00", min(3))), time))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "T13: {0}")
  @ValueSource(strings = {"11:50", "12:00", "12:10"})
  void whatIsAlwaysOpenHasNoBoundary(String time) {
    assertThat(minimum(Scalers.of(hpa(4, 40), utc("12:00", "12:00", min(9))), time)).isEqualTo(9);
  }

  @Test
  void withoutRangesTheDefaultHoldsAtOnce() {
    // T14: whatever the HPA says now is no input.
    assertThat(minimum(Scalers.of(hpa(4, 8)), "11:50")).isEqualTo(4);
  }

  @Test
  void whatIsOverRulesNoMore() {
    // T15
    String from = "2023-01-11T08:00:00+05:30";
    String to = "2023-01-11T10:00:00+05:30";
    TimeRange active = utc("00:00", "23:59", min(14));

    assertThat(minimum(Scalers.of(hpa(4, 99), once(from, to, min(40))), "12:00")).isEqualTo(4);
    assertThat(minimum(Scalers.of(hpa(4, 99), active, once(from, to, min(40))), "12:00"))
        .isEqualTo(14);
    assertThat(minimum(Scalers.of(hpa(4, 99), active, once(from, to, max(50))), "12:00"))
        .isEqualTo(14);
    assertThat(maximum(Scalers.of(hpa(4, 99), active, once(from, to, max(50))), "12:00"))
        .isEqualTo(99);
  }

  @ParameterizedTest(name = "T16: {0} {1}")
  @CsvSource({
    "11:30,2",
    "11:35,3",
    "11:40,4",
    "11:45,6",
    "11:50,7",
    "11:55,8",
    "12:00,10",
    "12:59:59,10",
    "13:00,8",
    "13:05,7",
    "13:10,6",
    "13:15,4",
    "13:20,3",
    "13:25,2",
    "15:00,2"
  })
  void aOneOffEnds(String time, int expected) {
    ServiceScaler scaler =
        Scalers.of(LOW, once("2024-01-19T12:00:00Z", "2024-01-19T13:00:00Z", min(10)));

    assertThat(minimum(scaler, time)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "T17: {0} {1}")
  @CsvSource({
    "11:30,2",
    "11:55,8",
    "12:00,10",
    "12:05,10",
    "12:09:59,10",
    "12:10,8",
    "12:35,2",
    "13:00,2"
  })
  void aShortRangeHoldsItsValue(String time, int expected) {
    assertThat(minimum(Scalers.of(LOW, utc("12:00", "12:10", min(10))), time)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "T18: {0} {1} {2}")
  @CsvSource({
    "21:45,4,8",
    "21:55,4,10",
    "22:00,3,12",
    "22:05,3,12",
    "22:25,1,12",
    "23:59,1,12",
    "00:00,1,12",
    "03:00,1,12",
    "05:30,1,12",
    "05:50,3,12",
    "06:00,4,10",
    "06:25,4,4",
    "12:00,4,4"
  })
  void aNightHoldsItsValueUntilMorning(String time, int low, int high) {
    assertThat(minimum(Scalers.of(hpa(4, 40), utc("22:00", "06:00", min(1))), time)).isEqualTo(low);
    assertThat(minimum(Scalers.of(hpa(4, 40), utc("22:00", "06:00", min(12))), time))
        .isEqualTo(high);
  }

  @ParameterizedTest(name = "T19: {0} {1}")
  @CsvSource({
    "07:30,2", "07:40,3", "07:50,4", "08:00,6", "11:35,6", "11:40,7", "11:45,8", "11:55,9",
    "12:00,10", "12:05,10", "13:30,10", "13:59:59,10", "14:00,9", "14:05,8", "14:10,8", "14:15,7",
    "14:20,6", "14:25,6", "19:55,6", "20:00,5", "20:25,2"
  })
  void anInnerRangeEndsInTheOuterOne(String time, int expected) {
    TimeRange day = utc("08:00", "20:00", min(6));
    TimeRange lunch = utc("12:00", "14:00", min(10));

    assertThat(minimum(Scalers.of(LOW, day, lunch), time)).isEqualTo(expected);
  }

  @Test
  void ofRangesThatMatchTheLastOneHolds() {
    // T19, in the other order.
    ServiceScaler scaler =
        Scalers.of(LOW, utc("12:00", "14:00", min(10)), utc("08:00", "20:00", min(6)));

    assertThat(minimum(scaler, "12:05")).isEqualTo(6);
  }

  @ParameterizedTest(name = "T20: {0} {1}")
  @CsvSource({
    "07:30,2",
    "08:00,10",
    "11:40,10",
    "11:45,11",
    "11:55,11",
    "12:00,12",
    "12:05,12",
    "15:30,12",
    "15:55,12",
    "16:00,10",
    "16:25,2"
  })
  void neighboursMeetWithoutAGap(String time, int expected) {
    TimeRange first = utc("08:00", "12:00", min(10));
    TimeRange second = utc("12:00", "16:00", min(12));

    assertThat(minimum(Scalers.of(LOW, first, second), time)).isEqualTo(expected);
    assertThat(minimum(Scalers.of(LOW, second, first), time)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "T21: {0} IST {1} {2}")
  @CsvSource({
    "15:55,4,75",
    "16:00,3,0",
    "16:05,3,0",
    "23:55,3,0",
    "00:00,2,0",
    "05:00,2,0",
    "07:40,2,0",
    "07:50,3,0",
    "07:55,3,0",
    "08:00,4,75",
    "12:00,4,75"
  })
  void theReadmesSample(String time, int expected, int memory) {
    ServiceScaler scaler =
        Scalers.of(
            hpa(4, 8, 50, 75),
            daily("16:00+05:30", "00:00+05:30", hpa(3, null, null, 0)),
            daily("00:00+05:30", "08:00+05:30", hpa(2, null, null, 0)));
    Instant at = java.time.OffsetDateTime.parse("2024-01-19T" + time + ":00+05:30").toInstant();

    Values values = schedule(scaler).inForce(at);

    assertThat(values).isEqualTo(new Values(expected, 8, 50, memory));
  }

  @ParameterizedTest(name = "T22: {0} {1} {2}")
  @CsvSource({
    "07:30,2,8",
    "08:00,2,20",
    "12:00,2,20",
    "17:30,2,20",
    "18:30,5,8",
    "19:00,4,20",
    "19:30,2,20",
    "20:30,2,8"
  })
  void aRangeToComeDoesNotHideTheOneThatHolds(String time, int low, int high) {
    ServiceScaler scaler =
        Scalers.of(hpa(2, 8), utc("08:00", "20:00", max(20)), utc("18:00", "19:00", min(5)));

    assertThat(inForce(scaler, time)).isEqualTo(new Values(low, high, 0, 0));
  }

  @ParameterizedTest(name = "T23: {0} {1} {2}")
  @CsvSource({
    "15:00,4,8",
    "15:30,4,8",
    "15:50,4,16",
    "16:00,4,20",
    "16:30,4,20",
    "20:00,4,20",
    "23:00,4,20",
    "23:30,4,20",
    "00:00,3,18",
    "00:30,2,8",
    "07:30,2,8",
    "08:00,4,8"
  })
  void aRangeWithoutTheFieldHidesNothing(String time, int low, int high) {
    ServiceScaler scaler =
        Scalers.of(hpa(4, 8), utc("16:00", "00:00", max(20)), utc("00:00", "08:00", min(2)));

    assertThat(inForce(scaler, time)).isEqualTo(new Values(low, high, 0, 0));
  }

  @Test
  void aShortDipAsksForNoMoreThanBeforeIt() {
    ServiceScaler scaler =
        Scalers.of(hpa(2, 40), utc("08:00", "12:00", min(10)), utc("12:10", "16:00", min(10)));

    for (int minute = 0; minute < 60; minute++) {
      Instant at = Instant.parse("2024-01-19T11:40:00Z").plusSeconds(60L * minute);
      assertThat(schedule(scaler).inForce(at).min()).isBetween(8, 10);
    }
  }
}
