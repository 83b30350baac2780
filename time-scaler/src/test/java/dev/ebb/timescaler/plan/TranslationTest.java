package dev.ebb.timescaler.plan;

import static dev.ebb.timescaler.plan.Scalers.daily;
import static dev.ebb.timescaler.plan.Scalers.hpa;
import static dev.ebb.timescaler.plan.Scalers.max;
import static dev.ebb.timescaler.plan.Scalers.min;
import static dev.ebb.timescaler.plan.Scalers.schedule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Values;
import dev.ebb.timescaler.api.ServiceScaler;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What a ServiceScaler means, and what is found wrong with it. Nothing hides an object. */
class TranslationTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final Instant NOON = Instant.parse("2024-01-19T12:00:00Z");
  private static final String FROM = "08:00+00:00";
  private static final String TO = "20:00+00:00";

  private static ServiceScaler read(String spec) {
    return JSON.readValue(
        "{'metadata': {'name': 'shop', 'namespace': 'prod'}, 'spec': %s}"
            .formatted(spec)
            .replace('\'', '"'),
        ServiceScaler.class);
  }

  private static Values at(ServiceScaler scaler, Instant at) {
    return schedule(scaler).scheduled(at);
  }

  @Test
  void aFieldThatIsMissingIsTheDefaults() {
    // D9, D10, I8
    ServiceScaler scaler = Scalers.of(hpa(2, 8, 50, 75), daily(FROM, TO, max(20)));

    assertThat(at(scaler, NOON)).isEqualTo(new Values(2, 20, 50, 75));
    assertThat(Translation.of(scaler).findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "50,75,-,0,50,0",
        "50,75,0,-,0,75",
        "50,75,0,0,0,0",
        "0,75,-,-,0,75",
        "0,0,-,-,0,0",
        "0,0,60,-,60,0",
        "-,-,-,-,0,0",
        "-,70,-,-,0,70",
        "-,-,40,-,40,0"
      })
  void zeroTakesAMetricAway(
      Integer cpu, Integer memory, Integer ownCpu, Integer ownMemory, int isCpu, int isMemory) {
    // D6, D22, D28, I6, I7, I13, I14
    ServiceScaler scaler =
        Scalers.of(hpa(2, 8, cpu, memory), daily(FROM, TO, hpa(null, null, ownCpu, ownMemory)));

    assertThat(at(scaler, NOON).cpu()).isEqualTo(isCpu);
    assertThat(at(scaler, NOON).memory()).isEqualTo(isMemory);
  }

  @Test
  void aMinimumAboveTheMaximumRaisesIt() {
    // D17, I10
    ServiceScaler scaler = Scalers.of(hpa(2, 8), daily(FROM, TO, min(20)));

    assertThat(at(scaler, NOON)).isEqualTo(new Values(20, 20, 0, 0));
    assertThat(Translation.of(scaler).findings())
        .extracting(Finding::text)
        .containsExactly(
            "spec.timeRangeSpec[0].replicaSpec.hpa: minReplicas 20 is above maxReplicas 8; 20 is"
                + " used for both: raise maxReplicas there");
  }

  @Test
  void rangesMayBeMissing() {
    // D4, I16
    ServiceScaler scaler = read("{'hpa': {'minReplicas': 2, 'maxReplicas': 8}}");

    assertThat(Translation.of(scaler).findings()).isEmpty();
    assertThat(at(scaler, NOON)).isEqualTo(new Values(2, 8, 0, 0));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'kind': 'Cron', 'from': 'F', 'to': 'T'}        | kind: \"Cron\" is not known",
        "{'kind': 'zonedtime', 'from': 'F', 'to': 'T'}   | kind: \"zonedtime\" is not known",
        "{'from': 'F', 'to': 'T'}                        | kind: is missing",
        "{'kind': 'ZonedTime', 'to': 'T'}                | from: is missing",
        "{'kind': 'ZonedTime', 'from': 'F'}              | to: is missing",
        "{'kind': 'ZonedTime', 'from': '9am', 'to': 'T'} | from: \"9am\" is no time",
        "{'kind': 'ZonedDateTime', 'from': 'F', 'to': '2024-02-30T00:00:00Z'} | from: \"08:00",
        "null                                            | kind: is missing"
      })
  void aRangeThatCannotBeUnderstoodIsLeftOutAndTheRestHolds(String range, String finding) {
    // D3, D4, I15, I16
    String good =
        "{'kind': 'ZonedTime', 'from': 'F', 'to': 'T', 'replicaSpec': {'hpa': {'minReplicas': 5}}}";
    ServiceScaler scaler =
        read(
            "{'hpa': {'minReplicas': 2, 'maxReplicas': 8}, 'timeRangeSpec': [%s, %s]}"
                .formatted(range, good)
                .replace("'F'", "'" + FROM + "'")
                .replace("'T'", "'" + TO + "'"));

    Translation translation = Translation.of(scaler);

    assertThat(at(scaler, NOON).min()).isEqualTo(5);
    assertThat(translation.findings().getFirst().text())
        .startsWith("spec.timeRangeSpec[0]." + finding)
        .contains("the range is left out: write");
    assertThat(translation.findings()).noneMatch(Finding::fatal);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                    | spec.hpa: is missing",
        "{'hpa': {'maxReplicas': 8}}                           | spec.hpa.minReplicas: has no",
        "{'hpa': {'minReplicas': 2}}                           | spec.hpa.maxReplicas: has no",
        "{'hpa': {'minReplicas': 99999999999, 'maxReplicas': 8}} | spec.hpa.minReplicas: has no",
        "'all'                                                 | spec: its value makes no sense"
      })
  void withoutADefaultNothingIsDone(String spec, String finding) {
    Translation translation = Translation.of(read(spec));

    assertThat(translation.schedule()).isEmpty();
    assertThat(translation.findings().getFirst().text()).startsWith(finding);
    assertThat(translation.findings()).anyMatch(Finding::fatal);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'minReplicas': 99999999999            | 2 | 8 | 50 | minReplicas: 99999999999 is more",
        "'minReplicas': 0                      | 1 | 8 | 50 | minReplicas: 0 is less",
        "'maxReplicas': -3                     | 2 | 2 | 50 | maxReplicas: -3 is less",
        "'targetCPUUtilization': -1            | 2 | 8 | 50 | targetCPUUtilization: -1 is no",
        "'targetCPUUtilization': 3000000000    | 2 | 8 | 50 | targetCPUUtilization: 3000000000 is",
        "'minReplicas': 'three'                | 2 | 8 | 50 | minReplicas: its value makes no",
        "'minReplicas': 99999999999999999999   | 2 | 8 | 50 | minReplicas: its value makes no"
      })
  void aNumberThatCannotBeUsedIsFound(String value, int low, int high, int cpu, String finding) {
    ServiceScaler scaler =
        read(
            ("{'hpa': {'minReplicas': 2, 'maxReplicas': 8, 'targetCPUUtilization': 50},"
                    + " 'timeRangeSpec': [{'kind': 'ZonedTime', 'from': '%s', 'to': '%s',"
                    + " 'replicaSpec': {'hpa': {%s}}}]}")
                .formatted(FROM, TO, value));

    assertThat(at(scaler, NOON)).isEqualTo(new Values(low, high, cpu, 0));
    assertThat(Translation.of(scaler).findings().getFirst().text())
        .startsWith("spec.timeRangeSpec[0].replicaSpec.hpa." + finding);
  }

  @Test
  void aRangeThatSetsNothingIsFound() {
    ServiceScaler scaler = Scalers.of(hpa(2, 8), daily(FROM, TO, null));

    assertThat(at(scaler, NOON)).isEqualTo(new Values(2, 8, 0, 0));
    assertThat(Translation.of(scaler).findings().getFirst().message()).contains("sets nothing");
  }

  @Test
  void aStatusThatMakesNoSenseIsNoStatus() {
    ServiceScaler scaler =
        JSON.readValue(
            """
            {"metadata": {"name": "shop"}, "spec": {"hpa": {"minReplicas": 2, "maxReplicas": 8}},
             "status": {"timeRangeMatch": {"a": 1}, "lastKnownConfig": "4/8",
                        "lastUpdatedTime": "2024-01-19T11:40Z+0530"}}
            """,
            ServiceScaler.class);

    assertThat(scaler.status().timeRangeMatch()).isNull();
    assertThat(scaler.status().lastUpdatedTime()).isEqualTo("2024-01-19T11:40Z+0530");
    assertThat(at(scaler, NOON).min()).isEqualTo(2);
  }
}
