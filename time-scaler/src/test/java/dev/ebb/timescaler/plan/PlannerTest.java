package dev.ebb.timescaler.plan;

import static dev.ebb.timescaler.plan.Hpas.utilization;
import static dev.ebb.timescaler.plan.Scalers.daily;
import static dev.ebb.timescaler.plan.Scalers.hpa;
import static dev.ebb.timescaler.plan.Scalers.min;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.Condition;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.Status;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decisions and what is told of them. */
class PlannerTest {

  private static final Instant NOON = Instant.parse("2024-01-19T12:00:00Z");
  private static final Hpa RIGHT = Hpas.owned(3, 8, utilization("cpu", 50));

  private static ServiceScaler scaler(Map<String, String> annotations) {
    return Scalers.of(
        annotations, hpa(2, 8, 50, null), daily("08:00+00:00", "20:00+00:00", min(3)));
  }

  private static Observed observed(ServiceScaler scaler, @Nullable Hpa hpa) {
    return new Observed(scaler, hpa, Optional.empty(), NOON);
  }

  private static Condition applied(Status status) {
    return status.condition(Statuses.APPLIED).orElseThrow();
  }

  private static Status told(Observed observed) {
    return Statuses.of(
        observed, Planner.plan(observed), new Statuses.Outcome(observed.hpa(), null, null));
  }

  @Test
  void saysWhatHoldsAndWhatComesNext() {
    Status status = told(observed(scaler(Map.of()), RIGHT));

    assertThat(status.timeRangeMatch()).isTrue();
    assertThat(status.lastObservedGeneration()).isEqualTo(3);
    assertThat(status.lastKnownConfig()).isEqualTo(hpa(3, 8, 50, null));
    assertThat(status.activeWindow()).isEqualTo("08:00+00:00 to 20:00+00:00");
    assertThat(status.nextTransition())
        .isEqualTo(
            new ServiceScaler.Next(
                "2024-01-19T20:00:00Z", "default: min 2, max 8, cpu 50%, memory off"));
    assertThat(status.lastUpdatedTime()).isEqualTo("2024-01-19T12:00:00Z");
    assertThat(status.conditions()).allMatch(Condition::isTrue);
  }

  @Test
  void saysNothingNewWhileNothingIsNew() {
    ServiceScaler scaler = scaler(Map.of());
    Status first = told(observed(scaler, RIGHT));
    ServiceScaler later = new ServiceScaler(scaler.metadata(), scaler.spec(), first);

    Status second = told(new Observed(later, RIGHT, Optional.empty(), NOON.plusSeconds(3600)));

    assertThat(second).isSameAs(first);
  }

  @Test
  void tellsWhatTheHpaHasAndNotWhatItShouldHave() {
    // I2, I10, D17
    Observed off = observed(scaler(Map.of()), Hpas.annotated("'ebb.dev/managed': 'false'", 7, 9));
    assertThat(told(off).lastKnownConfig()).isEqualTo(hpa(7, 9));
    assertThat(applied(told(off)).reason()).isEqualTo("SwitchedOff");

    Observed refused = observed(scaler(Map.of()), Hpas.owned(7, 9));
    Status status =
        Statuses.of(
            refused,
            Planner.plan(refused),
            new Statuses.Outcome(refused.hpa(), "403 forbidden", null));
    assertThat(status.lastKnownConfig()).isEqualTo(hpa(7, 9));
    assertThat(applied(status).reason()).isEqualTo("Refused");
    assertThat(status.condition(Statuses.READY).orElseThrow().message()).contains("403");
  }

  @Test
  void aMetricThatDecidesNothingIsNotTold() {
    // I7
    ServiceScaler scaler = Scalers.of(hpa(3, 8, 0, 0));

    Status status = told(observed(scaler, Hpas.owned(3, 3, utilization("cpu", 80))));

    assertThat(status.lastKnownConfig()).isEqualTo(hpa(3, 3));
    assertThat(applied(status).message()).contains("stays at the minimum");
  }

  @ParameterizedTest
  @CsvSource({
    "Observe,Observing,would change min 7 → 3",
    "observe,Observing,would change",
    "Paused,Paused,resume it",
    "perhaps,Observing,would change"
  })
  void holdsStillWhenAsked(String mode, String reason, String message) {
    Observed observed = observed(scaler(Map.of(Steering.ANNOTATION, mode)), Hpas.owned(7, 8));
    Plan plan = Planner.plan(observed);

    assertThat(plan.taken()).isInstanceOf(HpaStep.HandsOff.class);
    Condition applied = applied(told(observed));
    assertThat(applied.isTrue()).isFalse();
    assertThat(applied.reason()).isEqualTo(reason);
    assertThat(applied.message()).contains(message);
    assertThat(plan.findings().isEmpty()).isNotEqualTo(mode.equals("perhaps"));
  }

  @Test
  void holdsStillWhileFrozen() {
    Observed observed =
        new Observed(
            scaler(Map.of()), null, Optional.of(new Freeze(Freeze.Scope.SUITE, "audit")), NOON);

    assertThat(Planner.plan(observed).taken()).isInstanceOf(HpaStep.HandsOff.class);
    assertThat(applied(told(observed)).reason()).isEqualTo("SuiteFrozen");
    assertThat(applied(told(observed)).message()).contains("it would make one: min 3, max 8");
  }

  @ParameterizedTest
  @CsvSource({"2024-01-19T11:59:59Z,true", "2024-01-19T12:00:01Z,false", "never,false"})
  void aPauseEnds(String until, boolean over) {
    Plan plan =
        Planner.plan(
            observed(
                scaler(Map.of(Steering.ANNOTATION, "Paused", "ebb.dev/paused-until", until)),
                RIGHT));

    assertThat(plan.resume()).isEqualTo(over);
    if (until.startsWith("2024") && !over) {
      assertThat(plan.lookAgain()).isEqualTo(Instant.parse(until));
    }
  }

  @Test
  void whatCannotBeUnderstoodLeavesTheHpaAsItIs() {
    ServiceScaler scaler = Scalers.of(null);
    Observed observed = observed(scaler, Hpas.of(7, 9));

    Status status = told(observed);

    assertThat(Planner.plan(observed).taken()).isInstanceOf(HpaStep.HandsOff.class);
    assertThat(status.lastKnownConfig()).isEqualTo(hpa(7, 9));
    assertThat(status.activeWindow()).isNull();
    assertThat(status.conditions()).noneMatch(Condition::isTrue);
    assertThat(status.condition(Statuses.VALID).orElseThrow().message())
        .isEqualTo(
            "spec.hpa: is missing; give it minReplicas and maxReplicas; until then the HPA stays as"
                + " it is");
  }
}
