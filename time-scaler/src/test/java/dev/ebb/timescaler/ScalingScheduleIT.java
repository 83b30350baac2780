package dev.ebb.timescaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.plan.Saved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ScalingSchedules on a real API server, by a stepped clock. */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScalingScheduleIT {

  private static final String CPU =
      "'metrics': [{'type': 'Resource', 'resource': {'name': 'cpu',"
          + " 'target': {'type': 'Utilization', 'averageUtilization': 60}}}]";
  private static final String NIGHT =
      "'timeZone': 'Europe/Berlin', 'windows': [{'name': 'night', 'daily': {'from': '22:00',"
          + " 'to': '06:00'}, 'set': {'minReplicas': 2}}]";
  private static final String BY_DAY = "2026-03-10T12:00:00Z";
  private static final String AT_NIGHT = "2026-03-10T23:00:00Z";

  private Harness harness;
  private int number;
  private String name;

  @BeforeAll
  void start(Cluster cluster, TestNamespace own) {
    Harness.define(cluster, Harness.CRD);
    harness = new Harness(cluster, own.name(), "");
  }

  @AfterAll
  void stop() {
    harness.close();
  }

  @BeforeEach
  void another() {
    name = "hours-" + ++number;
    harness.at(BY_DAY);
  }

  private ScalingSchedule.Status status() {
    return harness.findSchedule(name).orElseThrow().status();
  }

  private Condition condition(String type) {
    return status().condition(type).orElseThrow();
  }

  private void awaitEvent(String object, String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(harness.events(object)).anyMatch(event -> event.contains(text)));
  }

  private void delete() {
    harness.direct.delete(
        ScalingSchedule.TYPE, harness.findSchedule(name).orElseThrow().metadata());
  }

  @Test
  void anHpaFollowsAndGetsBackWhatItSaid() {
    harness.foreignHpa(name, "", 4, 9, CPU);
    harness.schedule(name, "HorizontalPodAutoscaler", name, NIGHT);
    harness.settleSchedule(name);
    assertThat(harness.bounds(name)).isEqualTo("4/9 cpu60");
    assertThat(status().activeWindow()).isEqualTo("baseline");
    assertThat(Objects.requireNonNull(status().nextTransition()).at())
        .isEqualTo("2026-03-10T21:00:00Z");

    harness.at(AT_NIGHT);
    harness.settleSchedule(name);
    assertThat(harness.bounds(name)).isEqualTo("2/9 cpu60");
    assertThat(status().activeWindow()).isEqualTo("night");
    assertThat(status().effective()).isEqualTo(new ScheduleSpec.Setting(2L, 9L, 60L, null));
    assertThat(condition("Ready").isTrue()).isTrue();
    awaitEvent(name, "TargetAdopted");
    awaitEvent(name, "TargetChanged min 4 → 2");
    awaitEvent(name, "WindowChanged baseline -> night");

    harness.patch(Hpa.TYPE, name, "{'spec': {'minReplicas': 1}}");
    harness.settleSchedule(name);
    assertThat(harness.bounds(name)).isEqualTo("2/9 cpu60");

    delete();
    harness.settleSchedule(name);
    assertThat(harness.bounds(name)).isEqualTo("4/9 cpu60");
    assertThat(harness.hpa(name).orElseThrow().metadata().annotations()).isEmpty();
    awaitEvent(name, "BoundsRestored");
  }

  @Test
  void aScaledResourceIsWarmBeforeItsFirstRequest() {
    harness.resource(name, "'min': 0, 'max': 6");
    harness.schedule(
        name,
        "ScaledResource",
        name,
        "'windows': [{'name': 'warm', 'cron': {'start': '30 8 * * mon-fri', 'duration': '9h'},"
            + " 'set': {'minReplicas': 2}}]");
    harness.settleSchedule(name);
    ScaledResource warm = harness.resource(name);
    assertThat(warm.spec().replicas()).isEqualTo(new ScaledResource.Replicas(2, 6, null));
    assertThat(warm.metadata().annotations()).containsKey(Saved.BOUNDS);

    harness.at("2026-03-10T17:30:00Z");
    harness.settleSchedule(name);
    assertThat(harness.resource(name).spec().replicas())
        .isEqualTo(new ScaledResource.Replicas(0, 6, null));

    harness.at("2026-03-11T08:30:00Z");
    harness.settleSchedule(name);
    delete();
    harness.settleSchedule(name);
    assertThat(harness.resource(name).spec().replicas())
        .isEqualTo(new ScaledResource.Replicas(0, 6, null));
    assertThat(harness.resource(name).metadata().annotations()).isEmpty();
  }

  @Test
  void whatIsNoTargetAnyMoreGetsBackWhatItSaid() {
    harness.foreignHpa(name + "-a", "", 4, 9, CPU);
    harness.foreignHpa(name + "-b", "", 5, 9, CPU);
    harness.at(AT_NIGHT);
    harness.schedule(name, "HorizontalPodAutoscaler", name + "-a", NIGHT);
    harness.settleSchedule(name);
    assertThat(harness.bounds(name + "-a")).isEqualTo("2/9 cpu60");

    harness.patch(
        ScalingSchedule.TYPE, name, "{'spec': {'targetRef': {'name': '%s-b'}}}".formatted(name));
    harness.settleSchedule(name);

    assertThat(harness.bounds(name + "-a")).isEqualTo("4/9 cpu60");
    assertThat(harness.bounds(name + "-b")).isEqualTo("2/9 cpu60");
  }

  @Test
  void theFirstOfTwoKeepsTheTarget() {
    harness.foreignHpa(name, "", 4, 9, CPU);
    harness.at(AT_NIGHT);
    harness.schedule(name, "HorizontalPodAutoscaler", name, NIGHT);
    harness.settleSchedule(name);
    String first = name;
    name = first + "-too";
    harness.schedule(
        name,
        "HorizontalPodAutoscaler",
        first,
        NIGHT.replace("'minReplicas': 2", "'minReplicas': 3"));
    harness.settleSchedule(name);

    assertThat(condition("Applied").reason()).isEqualTo("SteeredByOther");
    assertThat(condition("Applied").message()).contains("ScalingSchedule " + first);
    assertThat(harness.bounds(first)).isEqualTo("2/9 cpu60");

    // A ServiceScaler of that name keeps off as well.
    harness.scaler(first, "", "{'hpa': {'minReplicas': 7, 'maxReplicas': 8}}");
    harness.settle(first);
    assertThat(harness.bounds(first)).isEqualTo("2/9 cpu60");
    assertThat(harness.status(first).condition("Applied").orElseThrow().reason())
        .isEqualTo("SteeredByOther");
    harness.delete(first);
    harness.settle(first);
    assertThat(harness.bounds(first)).isEqualTo("2/9 cpu60");
  }

  @Test
  void aTargetThatComesLaterIsSteered() {
    harness.at(AT_NIGHT);
    harness.schedule(name, "HorizontalPodAutoscaler", name, NIGHT);
    harness.settleSchedule(name);
    assertThat(condition("Applied").reason()).isEqualTo("TargetNotFound");

    harness.foreignHpa(name, "", 4, 9, CPU);
    harness.settleSchedule(name);

    assertThat(harness.bounds(name)).isEqualTo("2/9 cpu60");
    assertThat(condition("Ready").isTrue()).isTrue();
  }

  @Test
  void idleMeansNoWritesAndABoundaryIsOne() {
    harness.foreignHpa(name, "", 4, 9, CPU);
    harness.schedule(name, "HorizontalPodAutoscaler", name, NIGHT);
    harness.settleSchedule(name);
    List<String> changes = new ArrayList<>();
    String end = "2026-03-11T12:00:00Z";
    String before = harness.bounds(name);
    int writes = harness.writes().size();

    while (harness.clock.instant().isBefore(java.time.Instant.parse(end))) {
      int sofar = harness.writes().size();
      Duration again = Objects.requireNonNull(harness.onceSchedule(name).requeueAfter());
      String after = harness.writes().size() == sofar ? before : harness.bounds(name);
      if (!after.equals(before)) {
        changes.add(harness.clock.instant() + " " + after);
        before = after;
      }
      if (again.compareTo(Duration.ofMillis(100)) == 0) {
        // Somebody was quicker, as the HPA's own controller with its status.
        harness.catchUpAll(name);
      } else {
        harness.clock.advance(again);
      }
    }

    assertThat(changes)
        .containsExactly("2026-03-10T21:00:00Z 2/9 cpu60", "2026-03-11T05:00:00Z 4/9 cpu60");
    // One to the HPA and one to the status at each boundary.
    assertThat(harness.writes()).hasSize(writes + 4);
  }

  @Test
  void badOnesAreToldAndStopNobody() {
    harness.at(AT_NIGHT);
    for (String each : List.of("-good", "-bad")) {
      harness.foreignHpa(name + each, "", 4, 9, CPU);
    }
    harness.schedule(name + "-good", "HorizontalPodAutoscaler", name + "-good", NIGHT);
    harness.schedule(
        name + "-bad",
        "HorizontalPodAutoscaler",
        name + "-bad",
        NIGHT.replace("Europe/Berlin", "Mars/Olympus"));

    harness.settleSchedule(name + "-bad");
    harness.settleSchedule(name + "-good");

    assertThat(harness.bounds(name + "-good")).isEqualTo("2/9 cpu60");
    assertThat(harness.bounds(name + "-bad")).isEqualTo("4/9 cpu60");
    name = name + "-bad";
    assertThat(condition("Valid").message()).contains("spec.timeZone", "Asia/Kolkata");
    awaitEvent(name, "Invalid spec.timeZone");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'windows': [{'name': 'x', 'set': {'minReplicas': 1}}]|exactly one of daily, cron and once",
        "'windows': [{'name': 'x', 'daily': {'from': '9', 'to': '10:00'}, 'set': {'minReplicas': 1}}]|spec.windows[0].daily.from",
        "'windows': [{'name': 'override', 'daily': {'from': '9:00', 'to': '10:00'}, 'set': {'minReplicas': 1}}]|override and baseline are taken",
        "'baseline': {'minReplicas': 3, 'maxReplicas': 2}|maxReplicas must not be below minReplicas",
        "'mode': 'Maybe'|spec.mode",
        "'override': {'until': 'tomorrow', 'set': {'minReplicas': 3}}|spec.override.until"
      })
  void theDefinitionRefusesWithTheRemedy(String spec, String message) {
    assertThatThrownBy(() -> harness.schedule(name, "HorizontalPodAutoscaler", name, spec))
        .isInstanceOf(KubeException.class)
        .hasMessageContaining(message);
  }
}
