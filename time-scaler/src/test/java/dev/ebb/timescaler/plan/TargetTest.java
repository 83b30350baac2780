package dev.ebb.timescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.scaler.Scale;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.Steerable;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Counts: remembered, set, put back and forgotten, one step at a time. */
class TargetTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final String AT = "2026-03-10T23:00:00Z";
  private static final String KEPT =
      "'ebb.dev/saved-scale': '{\\\"replicas\\\":4,\\\"by\\\":\\\"ScalingSchedule %s\\\"}'";

  private static Steerable object(String annotations, String spec) {
    return JSON.readValue(
        """
        {'metadata': {'name': 'shop', 'namespace': 'prod', 'uid': 'd1', 'resourceVersion': '7',
                      'annotations': {%s}}, 'spec': {%s}}
        """
            .formatted(annotations, spec)
            .replace('\'', '"'),
        Steerable.class);
  }

  private static ScalingSchedule night(String target, String set) {
    String window =
        set.isEmpty()
            ? "'windows': []"
            : "'windows': [{'name': 'night', 'daily': {'from': '22:00', 'to': '06:00'}, 'set': {"
                + set
                + "}}]";
    return Schedules.of(target, window, "");
  }

  private static TargetStep step(ScalingSchedule schedule, Seen seen) {
    return SchedulePlanner.plan(
            new ScheduleObserved(schedule, seen, Optional.empty(), Instant.parse(AT)))
        .taken();
  }

  private static String text(TargetStep step) {
    return switch (step) {
      case WorkloadStep change -> change.what();
      case KedaStep change -> change.what();
      case HpaStep.HandsOff off -> off.reason();
      case HpaStep.Change change -> change.what();
      default -> "nothing";
    };
  }

  @ParameterizedTest(name = "{0}, kept {1}, {2} replicas: {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'minReplicas': 6  |       | 4 | remembers 4 replicas",
        "'minReplicas': 6  | hours | 4 | replicas 4 → 6",
        "'minReplicas': 6  | hours | 6 | nothing",
        "'minReplicas': 6  | hours | 9 | replicas 9 → 6",
        "'minReplicas': 2  |       | 4 | nothing",
        "'maxReplicas': 3  | hours | 4 | replicas 4 → 3",
        "'minReplicas': 0  | hours | 0 | replicas 0 → 4",
        "'hibernate': true |       | 4 | remembers 4 replicas",
        "'hibernate': true | hours | 4 | replicas 4 → 0",
        "'hibernate': true | hours | 0 | nothing",
        "                  | hours | 0 | replicas 0 → 4",
        "                  | hours | 4 | says again what it said before",
        "                  |       | 7 | nothing",
        "'minReplicas': 6  | other | 4 | SteeredByOther"
      })
  void aCountTakesOneStepAfterTheOther(String set, String kept, int replicas, String step) {
    Seen seen =
        new Seen.OfScale(
            object(kept == null ? "" : KEPT.formatted(kept), ""),
            new Scale(replicas, replicas, "9", null, null));

    ScalingSchedule schedule =
        night("{'apiVersion': 'apps/v1', 'kind': 'Deployment'", set == null ? "" : set);

    assertThat(text(step(schedule, seen))).isEqualTo(step);
  }

  @ParameterizedTest(name = "{0}, kept {1}, {2} replicas: {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'hibernate': true                   |       | 4 | remembers 4 replicas",
        "'hibernate': true                   | hours | 4 | replicas 4 → 0",
        "'hibernate': true                   | hours | 0 | nothing",
        "'hibernate': true, 'minReplicas': 3 | hours | 4 | min 2 → 3",
        "'hibernate': false                  | hours | 0 | replicas 0 → 4",
        "                                    | hours | 0 | replicas 0 → 4",
        "                                    | hours | 5 | says again what it said before",
        "                                    | other | 0 | SteeredByOther",
        "                                    |       | 0 | nothing"
      })
  void anHpasWorkloadHibernates(String set, String kept, int replicas, String step) {
    Seen seen =
        new Seen.OfHpa(
            Hpas.annotated(
                kept == null ? "" : KEPT.formatted(kept), 2, 9, Hpas.utilization("cpu", 60)),
            new Scale(replicas, replicas, "9", null, null),
            null);

    ScalingSchedule schedule =
        night(
            "{'apiVersion': 'autoscaling/v2', 'kind': 'HorizontalPodAutoscaler'",
            set == null ? "" : set);

    assertThat(text(step(schedule, seen))).isEqualTo(step);
  }

  @ParameterizedTest(name = "{0} over {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'minReplicas': 3   | 'minReplicaCount': 1                         | min 1 → 3",
        "'minReplicas': 0   | 'minReplicaCount': 2, 'idleReplicaCount': 0 | min 2 → 1",
        "'minReplicas': 200 | 'minReplicaCount': 1                         | min 1 → 200, max none → 200",
        "'maxReplicas': 5   | 'maxReplicaCount': 9                         | max 9 → 5",
        "'hibernate': true  | 'maxReplicaCount': 9                         | held at nothing by KEDA"
      })
  void aScaledObjectSaysWhatKedaAccepts(String set, String spec, String step) {
    ScalingSchedule schedule =
        night("{'apiVersion': 'keda.sh/v1alpha1', 'kind': 'ScaledObject'", set);

    assertThat(text(step(schedule, new Seen.OfKeda(object("", spec))))).isEqualTo(step);
  }
}
