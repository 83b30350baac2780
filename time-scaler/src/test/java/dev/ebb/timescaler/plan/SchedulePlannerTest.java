package dev.ebb.timescaler.plan;

import static dev.ebb.timescaler.plan.Hpas.PODS;
import static dev.ebb.timescaler.plan.Hpas.utilization;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.timeplan.Conflict;
import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Window;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulePlannerTest {

  private static final String NIGHT =
      "'timeZone': 'Europe/Berlin', 'windows': [{'name': 'night', 'daily': {'from': '22:00',"
          + " 'to': '06:00'}, 'set': {'minReplicas': 1}}]";
  private static final String AT_NIGHT = "2026-03-10T23:00:00Z";
  private static final String BY_DAY = "2026-03-10T12:00:00Z";

  private static HpaStep.Change change(SchedulePlan plan) {
    assertThat(plan.taken()).isInstanceOf(HpaStep.Change.class);
    return (HpaStep.Change) plan.taken();
  }

  @Test
  void whatAScheduleDoesNotSayStaysAsItWas() {
    Hpa shop = Hpas.of(4, 9, PODS, utilization("cpu", 60));

    SchedulePlan plan = Schedules.plan(Schedules.ofHpa(NIGHT), shop, null, AT_NIGHT);

    HpaStep.Change change = change(plan);
    assertThat(change.min()).isEqualTo(1);
    assertThat(change.max()).isEqualTo(9);
    assertThat(change.metrics()).isNull();
    assertThat(change.save())
        .isEqualTo(new Saved(4, 9, shop.spec().metrics(), "ScalingSchedule hours"));
    assertThat(plan.window().map(Window::name)).contains("night");
    assertThat(plan.next().orElseThrow().at()).isEqualTo("2026-03-11T05:00:00Z");
    assertThat(plan.findings()).isEmpty();
  }

  @Test
  void outsideOfAllWindowsTheTargetSaysWhatItSaidBefore() {
    Hpa shop =
        Hpas.annotated(
            saved(
                "'minReplicas':4,'maxReplicas':9,'metrics':[%s]".formatted(utilization("cpu", 60))),
            1,
            9,
            utilization("cpu", 80));

    HpaStep.Change change = change(Schedules.plan(Schedules.ofHpa(NIGHT), shop, null, BY_DAY));

    assertThat(change.min()).isEqualTo(4);
    assertThat(change.what()).isEqualTo("min 1 → 4, cpu 80% → 60%");
    assertThat(change.save()).isNull();
  }

  private static String saved(String fields) {
    String text = ("{" + fields + ",'by':'ScalingSchedule hours'}").replace("'", "\\\"");
    return "'ebb.dev/saved-hpa': '%s', 'ebb.dev/saved-bounds': '%s'".formatted(text, text);
  }

  @Test
  void theTargetsOfAMetricFollowAndComeBack() {
    String peak =
        "'windows': [{'name': 'peak', 'daily': {'from': '11:00', 'to': '13:00'},"
            + " 'set': {'targetCPUUtilization': 40, 'targetMemoryUtilization': 0}}]";
    Hpa shop = Hpas.of(2, 9, utilization("cpu", 60), utilization("memory", 70), PODS);

    HpaStep.Change change = change(Schedules.plan(Schedules.ofHpa(peak), shop, null, BY_DAY));

    assertThat(change.what()).isEqualTo("cpu 60% → 40%, memory 70% → off");
    assertThat(change.metrics()).hasSize(2);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"2026-03-10T12:00:00Z,0,none", "2026-03-10T23:00:00Z,2,5"})
  void aScaledResourceIsKeptAwakeByItsMinimum(String at, int min, String max) {
    ScalingSchedule warm =
        Schedules.ofResource(
            NIGHT.replace("'minReplicas': 1", "'minReplicas': 2, 'maxReplicas': 5"));
    String kept = "'minReplicas':0,'metrics':[]";

    SchedulePlan fresh = Schedules.plan(warm, null, Schedules.resource("", "'min': 0"), AT_NIGHT);
    assertThat(fresh.taken())
        .isInstanceOfSatisfying(
            ResourceStep.class,
            step -> {
              assertThat(step.min()).isEqualTo(2);
              assertThat(step.max()).isEqualTo(5);
              assertThat(step.what()).isEqualTo("min 0 → 2, max none → 5");
              assertThat(step.save())
                  .isEqualTo(new Saved(0, null, List.of(), "ScalingSchedule hours"));
            });
    SchedulePlan later =
        Schedules.plan(warm, null, Schedules.resource(saved(kept), "'min': 1, 'max': 7"), at);
    assertThat(later.taken())
        .isInstanceOfSatisfying(
            ResourceStep.class,
            step -> {
              assertThat(step.min()).isEqualTo(min);
              assertThat(String.valueOf(step.max()).replace("null", "none")).isEqualTo(max);
              assertThat(step.save()).isNull();
            });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'ebb.dev/managed': 'false'|SwitchedOff",
        "'ebb.dev/saved-hpa': '{\\\"minReplicas\\\":1,\\\"maxReplicas\\\":2,\\\"metrics\\\":[]}'|SteeredByOther",
        "'ebb.dev/saved-hpa': '{\\\"minReplicas\\\":1,\\\"maxReplicas\\\":2,\\\"metrics\\\":[],\\\"by\\\":\\\"ScalingSchedule x\\\"}'|SteeredByOther"
      })
  void anHpaOfOthersIsLeftAlone(String annotation, String reason) {
    SchedulePlan plan =
        Schedules.plan(Schedules.ofHpa(NIGHT), Hpas.annotated(annotation, 4, 9), null, AT_NIGHT);

    assertThat(plan.taken())
        .isInstanceOfSatisfying(
            HpaStep.HandsOff.class, off -> assertThat(off.reason()).isEqualTo(reason));
  }

  @Test
  void aServiceScalersHpaIsLeftAlone() {
    SchedulePlan plan = Schedules.plan(Schedules.ofHpa(NIGHT), Hpas.owned(4, 9), null, AT_NIGHT);

    assertThat(plan.taken())
        .isInstanceOfSatisfying(
            HpaStep.HandsOff.class,
            off -> assertThat(off.message()).contains("belongs to ServiceScaler shop"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"Observe,Observing", "Paused,Paused", "Later,Observing"})
  void holdsStillWhenAsked(String mode, String reason) {
    SchedulePlan plan =
        Schedules.plan(
            Schedules.ofHpa(NIGHT + ", 'mode': '" + mode + "'"), Hpas.of(4, 9), null, AT_NIGHT);

    assertThat(plan.step()).isInstanceOf(HpaStep.Change.class);
    assertThat(plan.held().orElseThrow().reason()).isEqualTo(reason);
    assertThat(plan.findings()).hasSize(mode.equals("Later") ? 1 : 0);
  }

  @Test
  void holdsStillWhileFrozen() {
    SchedulePlan plan =
        SchedulePlanner.plan(
            new ScheduleObserved(
                Schedules.ofHpa(NIGHT),
                Hpas.of(4, 9),
                null,
                Optional.of(new Freeze(Freeze.Scope.SUITE, "audit")),
                Instant.parse(AT_NIGHT)));

    assertThat(plan.held().orElseThrow().message()).contains("audit");
  }

  @Test
  void withoutATargetTheTimelineIsToldAllTheSame() {
    SchedulePlan plan = Schedules.plan(Schedules.ofHpa(NIGHT), null, null, AT_NIGHT);

    assertThat(plan.taken())
        .isInstanceOfSatisfying(
            HpaStep.HandsOff.class, off -> assertThat(off.reason()).isEqualTo("TargetNotFound"));
    assertThat(plan.next()).isPresent();
  }

  @Test
  void aTargetWithoutAKindIsFound() {
    ScalingSchedule other = Schedules.of("{'apiVersion': 'batch/v1'", NIGHT, "");

    SchedulePlan plan = Schedules.plan(other, null, null, AT_NIGHT);

    assertThat(plan.taken())
        .isInstanceOfSatisfying(
            HpaStep.HandsOff.class, off -> assertThat(off.reason()).isEqualTo("Invalid"));
    assertThat(plan.findings()).extracting(Finding::field).containsExactly("spec.targetRef");
  }

  @Test
  void anOverrideHoldsAboveAllUntilItEnds() {
    ScalingSchedule schedule =
        Schedules.ofHpa(
            NIGHT.replace("'name': 'night'", "'name': 'night', 'priority': 99")
                + ", 'override': {'until': '2026-03-11T00:00:00Z', 'set': {'minReplicas': 7}}");

    assertThat(change(Schedules.plan(schedule, Hpas.of(4, 9), null, AT_NIGHT)).min()).isEqualTo(7);
    assertThat(change(Schedules.plan(schedule, Hpas.of(4, 9), null, "2026-03-11T00:00:00Z")).min())
        .isEqualTo(1);
  }

  @Test
  void windowsOfTheSameRankThatWantDifferentThingsAreToldBeforeTheyDo() {
    String two =
        """
        'windows': [
          {'name': 'b', 'daily': {'from': '20:00', 'to': '22:00'}, 'set': {'minReplicas': 2}},
          {'name': 'a', 'daily': {'from': '21:00', 'to': '23:00'}, 'set': {'minReplicas': 3}}]
        """;

    SchedulePlan plan = Schedules.plan(Schedules.ofHpa(two), Hpas.of(4, 9), null, BY_DAY);

    assertThat(plan.conflict())
        .contains(new Conflict(Instant.parse("2026-03-10T21:00:00Z"), "a", "b"));
    assertThat(
            change(
                    Schedules.plan(
                        Schedules.ofHpa(two), Hpas.of(4, 9), null, "2026-03-10T21:30:00Z"))
                .min())
        .isEqualTo(3);
    for (String no :
        List.of(
            two.replace("'name': 'a'", "'name': 'a', 'priority': 1"),
            two.replace("'minReplicas': 3", "'maxReplicas': 30"),
            two.replace("'minReplicas': 3", "'minReplicas': 2"),
            two.replace("21:00", "22:00"))) {
      assertThat(Schedules.plan(Schedules.ofHpa(no), Hpas.of(4, 9), null, BY_DAY).conflict())
          .isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'timeZone': 'Mars/Olympus'|spec.timeZone",
        "'windows': [{'name': 'x', 'set': {'minReplicas': 1}}]|spec.windows[0]",
        "'windows': [{'name': 'x', 'daily': {'from': '9am', 'to': '10:00'}, 'set': {'minReplicas': 1}}]|spec.windows[0].daily.from",
        "'windows': [{'name': 'x', 'daily': {'from': '09:00', 'to': '10:00', 'days': ['Someday']}, 'set': {'minReplicas': 1}}]|spec.windows[0].daily.days[0]",
        "'windows': [{'name': 'x', 'cron': {'start': 'never', 'duration': '1h'}, 'set': {'minReplicas': 1}}]|spec.windows[0].cron.start",
        "'windows': [{'name': 'x', 'cron': {'start': '0 0 31 2 *', 'duration': '1h'}, 'set': {'minReplicas': 1}}]|spec.windows[0].cron.start",
        "'windows': [{'name': 'x', 'cron': {'start': '0 0 * * *', 'duration': '0s'}, 'set': {'minReplicas': 1}}]|spec.windows[0].cron.duration",
        "'windows': [{'name': 'x', 'once': {'from': '2026-01-02T00:00:00Z', 'to': '2026-01-01T00:00:00Z'}, 'set': {'minReplicas': 1}}]|spec.windows[0].once.to",
        "'windows': [{'name': 'x', 'daily': {'from': '09:00', 'to': '10:00'}, 'exclude': ['Christmas'], 'set': {'minReplicas': 1}}]|spec.windows[0].exclude[0]",
        "'windows': [{'name': 'x', 'daily': {'from': '09:00', 'to': '10:00'}}]|spec.windows[0].set",
        "'windows': [{'daily': {'from': '09:00', 'to': '10:00'}, 'set': {'minReplicas': 1}}]|spec.windows[0].name",
        "'windows': [{'name': 'x', 'daily': {'from': '09:00', 'to': '10:00'}, 'set': {'minReplicas': 0}}]|spec.windows[0].set.minReplicas",
        "'windows': [{'name': 'x', 'daily': {'from': '09:00', 'to': '10:00'}, 'set': {'minReplicas': 9, 'maxReplicas': 2}}]|spec.windows[0].set",
        "'baseline': {'minReplicas': 99999999999}|spec.baseline.minReplicas",
        "'baseline': {'minReplicas': 'two'}|spec.baseline.minReplicas",
        "'override': {'until': 'tomorrow', 'set': {'minReplicas': 3}}|spec.override.until",
        "'ramp': {'duration': 'slowly'}|spec.ramp",
        "'ramp': {'duration': '30m', 'steps': 0}|spec.ramp"
      })
  void whatMakesNoSenseIsFoundByItsFieldAndTheRestHolds(String part, String field) {
    String spec =
        part.contains("'windows'")
            ? part.replace(
                "'windows': [",
                "'windows': [{'name': 'good', 'once': {'from': '2026-03-10T00:00:00Z',"
                    + " 'to': '2026-03-11T00:00:00Z'}, 'set': {'maxReplicas': 20}}, ")
            : part
                + ", 'windows': [{'name': 'good', 'once': {'from': '2026-03-10T00:00:00Z',"
                + " 'to': '2026-03-11T00:00:00Z'}, 'set': {'maxReplicas': 20}}]";

    SchedulePlan plan =
        Schedules.plan(Schedules.ofHpa(spec), Hpas.of(4, 9, utilization("cpu", 60)), null, BY_DAY);

    assertThat(plan.findings())
        .extracting(Finding::field)
        .containsExactly(field.replace("windows[0]", "windows[1]"));
    assertThat(change(plan).max()).isEqualTo(20);
  }
}
