package dev.ebb.timescaler;

import static dev.ebb.testkit.proxy.Match.verbs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.Condition;
import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Exchange;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Often;
import dev.ebb.testkit.proxy.Rule;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.plan.Scalers;
import dev.ebb.timescaler.plan.Statuses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * service-scaler's integration scenarios I1 to I19 with the outcomes that they should have, on a
 * real API server by a stepped clock.
 */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceScalerIT {

  private static final String ALWAYS =
      "'kind': 'ZonedTime', 'from': '00:00+00:00', 'to': '00:00+00:00'";
  private static final String PODS =
      "'metrics': [{'type': 'Pods', 'pods': {'metric': {'name': 'jobs'},"
          + " 'target': {'type': 'AverageValue', 'averageValue': '3'}}},"
          + " {'type': 'Resource', 'resource': {'name': 'cpu',"
          + " 'target': {'type': 'Utilization', 'averageUtilization': 60}}}],"
          + " 'behavior': {'scaleDown': {'stabilizationWindowSeconds': 42}}";

  private Harness harness;
  private int number;
  private String name;

  @BeforeAll
  void start(Cluster cluster, TestNamespace own) {
    Harness.define(cluster, Harness.CRD);
    harness = new Harness(cluster, own.name(), "");
    harness.at("2026-03-10T12:00:00Z");
  }

  @AfterAll
  void stop() {
    harness.close();
  }

  @BeforeEach
  void another() {
    name = "shop-" + ++number;
    harness.freeze.set(Optional.empty());
  }

  private static String spec(String hpa, String override) {
    return "{'hpa': {%s}, 'timeRangeSpec': [{%s, 'replicaSpec': {'hpa': {%s}}}]}"
        .formatted(hpa, ALWAYS, override);
  }

  private static String bounds(int min, int max) {
    return "'minReplicas': %d, 'maxReplicas': %d".formatted(min, max);
  }

  private Condition condition(String type) {
    return harness.status(name).condition(type).orElseThrow();
  }

  private void awaitEvent(String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(harness.events(name)).anyMatch(event -> event.contains(text)));
  }

  @Test
  void i01MakesTheHpaWithWhatIsInForce() {
    harness.scaler(
        name,
        "'labels': {'team': 'x'}, 'annotations': {'foo': 'bar', 'ebb.dev/mode': 'Enforce',"
            + " 'kubectl.kubernetes.io/last-applied-configuration': '{}'}",
        spec(
            bounds(4, 8) + ", 'targetCPUUtilization': 50, 'targetMemoryUtilization': 75",
            "'minReplicas': 3, 'targetMemoryUtilization': 0"));

    harness.settle(name);

    JsonNode hpa = harness.hpaJson(name);
    JsonNode meta = hpa.path("metadata");
    assertThat(harness.bounds(name)).isEqualTo("3/8 cpu50");
    assertThat(meta.path("labels").path("team").asString("")).isEqualTo("x");
    assertThat(meta.path("annotations").propertyNames()).containsExactly("foo");
    assertThat(meta.path("ownerReferences").path(0).path("uid").asString(""))
        .isEqualTo(harness.find(name).orElseThrow().metadata().uid());
    assertThat(hpa.path("spec").path("scaleTargetRef").toString())
        .isEqualTo(
            "{\"kind\":\"Deployment\",\"name\":\"%s\",\"apiVersion\":\"apps/v1\"}".formatted(name));
    ServiceScaler.Status status = harness.status(name);
    assertThat(status.timeRangeMatch()).isTrue();
    assertThat(status.lastKnownConfig()).isEqualTo(Scalers.hpa(3, 8, 50, null));
    assertThat(status.lastUpdatedTime()).isEqualTo("2026-03-10T12:00:00Z");
    assertThat(status.lastAction()).startsWith("made the HPA: min 3, max 8, cpu 50%");
    assertThat(status.conditions()).allMatch(Condition::isTrue);
    awaitEvent("HpaCreated");
  }

  @Test
  void i02AnHpaThatIsSwitchedOffStaysAsItIsAndTheStatusIsHonest() {
    harness.foreignHpa(name, "'service-scaler.kubernetes.io/managed': 'FALSE'", 3, 9, "");
    String before = version();
    harness.scaler(name, "", spec(bounds(4, 8), bounds(14, 40)));

    harness.settle(name);

    assertThat(version()).isEqualTo(before);
    assertThat(harness.status(name).lastKnownConfig()).isEqualTo(Scalers.hpa(3, 9, 80, null));
    assertThat(condition(Statuses.APPLIED).reason()).isEqualTo("SwitchedOff");
    awaitEvent("SwitchedOff");
  }

  private String version() {
    // The HPA's own controller writes its status.
    return harness.hpaJson(name).path("spec")
        + " "
        + harness.hpa(name).orElseThrow().metadata().annotations();
  }

  @Test
  void i03ANewServiceScalerDoesNotSwitchItOnAgain() {
    harness.foreignHpa(name, "'service-scaler.kubernetes.io/managed': 'false'", 3, 9, "");
    harness.scaler(name, "", spec(bounds(4, 8), bounds(14, 40)));
    harness.settle(name);
    assertThat(harness.bounds(name)).startsWith("3/9");

    harness.patch(
        Hpa.TYPE,
        name,
        "{'metadata': {'annotations': {'service-scaler.kubernetes.io/managed': null}}}");
    harness.settle(name);

    assertThat(harness.bounds(name)).startsWith("14/14");
    assertThat(condition(Statuses.APPLIED).isTrue()).isTrue();
  }

  @Test
  void i04UnrelatedAnnotationsSwitchNothingOff() {
    harness.foreignHpa(name, "'some.example/other': 'false'", 3, 9, "");
    harness.scaler(name, "", spec(bounds(4, 8) + ", 'targetCPUUtilization': 70", bounds(14, 40)));

    harness.settle(name);

    assertThat(harness.bounds(name)).isEqualTo("14/40 cpu70");
  }

  @Test
  void i05AndI17WhatOthersSetStaysAndComesBack() {
    harness.foreignHpa(name, "", 3, 9, PODS);
    harness.scaler(name, "", spec(bounds(4, 8) + ", 'targetCPUUtilization': 70", bounds(14, 40)));
    harness.settle(name);

    assertThat(harness.bounds(name)).isEqualTo("14/40 Pods cpu70");
    JsonNode spec = harness.hpaJson(name).path("spec");
    assertThat(spec.path("behavior").path("scaleDown").path("stabilizationWindowSeconds").asInt())
        .isEqualTo(42);
    assertThat(spec.path("scaleTargetRef").path("apiVersion").asString("")).isEqualTo("apps/v1");
    assertThat(harness.hpa(name).orElseThrow().metadata().ownerReferences()).isEmpty();
    awaitEvent("HpaAdopted");

    harness.delete(name);
    harness.settle(name);

    assertThat(harness.bounds(name)).isEqualTo("3/9 Pods cpu60");
    assertThat(harness.hpa(name).orElseThrow().metadata().annotations()).isEmpty();
    awaitEvent("HpaRestored");
  }

  @Test
  void i06AndI13AndI28TheDefaultsZeroIsNoMetricFromTheFirstWriteOn() {
    harness.scaler(
        name,
        "",
        "{'hpa': {%s, 'targetCPUUtilization': 0, 'targetMemoryUtilization': 70}}"
            .formatted(bounds(2, 8)));

    harness.settle(name);

    assertThat(harness.bounds(name)).isEqualTo("2/8 memory70");
    assertThat(harness.writes())
        .filteredOn(
            write -> write.request().name().equals(name) || write.request().verb().equals("create"))
        .allMatch(write -> write.status() < 400);
  }

  @Test
  void i07AndI14WithoutAMetricBothBoundsAreTheMinimum() {
    harness.scaler(
        name,
        "",
        spec(
            bounds(4, 8) + ", 'targetCPUUtilization': 50, 'targetMemoryUtilization': 75",
            "'minReplicas': 3, 'targetCPUUtilization': 0, 'targetMemoryUtilization': 0"));
    harness.settle(name);
    assertThat(harness.bounds(name)).startsWith("3/3");
    assertThat(harness.status(name).lastKnownConfig()).isEqualTo(Scalers.hpa(3, 3));

    int writes = harness.writes().size();
    harness.settle(name);
    assertThat(harness.writes()).hasSize(writes);

    harness.patch(ServiceScaler.TYPE, name, "{'spec': {'timeRangeSpec': []}}");
    harness.settle(name);
    assertThat(harness.bounds(name)).isEqualTo("4/8 cpu50 memory75");
  }

  @Test
  void i08AnOverrideOfTheMaximumLeavesTheMinimum() {
    harness.scaler(
        name, "", spec(bounds(2, 8) + ", 'targetCPUUtilization': 50", "'maxReplicas': 20"));

    harness.settle(name);

    assertThat(harness.bounds(name)).isEqualTo("2/20 cpu50");
  }

  @Test
  void i09EqualBoundsAreAnHpaLikeAnyOther() {
    harness.scaler(name, "", "{'hpa': {%s, 'targetCPUUtilization': 50}}".formatted(bounds(5, 5)));
    harness.settle(name);
    assertThat(harness.bounds(name)).isEqualTo("5/5 cpu50");
    assertThat(condition(Statuses.READY).isTrue()).isTrue();

    harness.patch(
        Hpa.TYPE,
        name,
        "{'metadata': {'annotations': {'ebb.dev/managed': 'false'}}, 'spec': {'maxReplicas': 7}}");
    harness.settle(name);
    assertThat(harness.bounds(name)).isEqualTo("5/7 cpu50");
  }

  @Test
  void i10AMinimumAboveTheMaximumRaisesItAndIsTold() {
    harness.scaler(
        name, "", spec(bounds(2, 8) + ", 'targetCPUUtilization': 50", "'minReplicas': 20"));

    harness.settle(name);

    assertThat(harness.bounds(name)).isEqualTo("20/20 cpu50");
    assertThat(harness.status(name).lastKnownConfig()).isEqualTo(Scalers.hpa(20, 20, 50, null));
    assertThat(condition(Statuses.VALID).message())
        .contains("spec.timeRangeSpec[0].replicaSpec.hpa: minReplicas 20 is above maxReplicas 8");
    awaitEvent("Invalid spec.timeRangeSpec[0]");
  }

  @Test
  void i11DeletionTakesTheOldFinalizerAloneAndLeavesAnHpaThatIsSwitchedOff() {
    harness.scaler(name, "", spec(bounds(4, 8), bounds(5, 9)));
    harness.settle(name);
    harness.patch(Hpa.TYPE, name, "{'metadata': {'annotations': {'ebb.dev/managed': 'false'}}}");
    harness.settle(name);
    assertThat(harness.hpa(name).orElseThrow().metadata().ownerReferences()).isEmpty();
    harness.patch(
        ServiceScaler.TYPE,
        name,
        "{'metadata': {'finalizers': ['%s', 'other.example/f']}}"
            .formatted(ServiceScaler.OLD_FINALIZER));

    harness.delete(name);
    harness.settle(name);

    assertThat(harness.find(name).orElseThrow().metadata().finalizers())
        .containsExactly("other.example/f");
    harness.patch(ServiceScaler.TYPE, name, "{'metadata': {'finalizers': null}}");
    harness.settle(name);
    assertThat(harness.find(name)).isEmpty();
    assertThat(harness.bounds(name)).startsWith("5/5");
  }

  @Test
  void anHpaThatWasMadeForItIsLeftToTheApiServersCollector() {
    harness.scaler(name, "", spec(bounds(4, 8), bounds(5, 9)));
    harness.settle(name);
    int writes = harness.writes().size();

    harness.delete(name);
    harness.settle(name);

    assertThat(harness.writes()).hasSize(writes);
  }

  @Test
  void i12NoFinalizerIsNeededSoNoneIsSet() {
    harness.scaler(name, "'finalizers': ['other.example/f']", spec(bounds(4, 8), bounds(5, 9)));
    harness.settle(name);

    assertThat(harness.bounds(name)).startsWith("5/5");
    assertThat(harness.find(name).orElseThrow().metadata().finalizers())
        .containsExactly("other.example/f");
    harness.patch(ServiceScaler.TYPE, name, "{'metadata': {'finalizers': null}}");
  }

  @Test
  void theOldFinalizerGoesWhenItIsSeenFirst() {
    harness.scaler(
        name,
        "'finalizers': ['%s', 'other.example/f']".formatted(ServiceScaler.OLD_FINALIZER),
        spec(bounds(4, 8), bounds(5, 9)));

    harness.settle(name);

    assertThat(harness.find(name).orElseThrow().metadata().finalizers())
        .containsExactly("other.example/f");
    harness.patch(ServiceScaler.TYPE, name, "{'metadata': {'finalizers': null}}");
  }

  @Test
  void i15AndI16BadOnesAreToldAndStopNobody() {
    String good = spec(bounds(4, 8), bounds(5, 9));
    harness.scaler(name + "-good", "", good);
    harness.scaler(name, "", good.replace("'from': '00:00+00:00'", "'from': '9am'"));
    harness.scaler(name + "-cron", "", good.replace("ZonedTime", "Cron"));
    harness.scaler(name + "-none", "", "{'hpa': {%s}}".formatted(bounds(2, 8)));
    harness.scaler(
        name + "-huge", "", good.replace("'minReplicas': 5", "'minReplicas': 99999999999"));
    harness.scaler(name + "-empty", "", "{}");

    for (String suffix : List.of("", "-good", "-cron", "-none", "-huge", "-empty")) {
      harness.settle(name + suffix);
    }

    assertThat(harness.bounds(name + "-good")).startsWith("5/5");
    assertThat(harness.bounds(name)).startsWith("4/4");
    assertThat(harness.bounds(name + "-cron")).startsWith("4/4");
    assertThat(harness.bounds(name + "-none")).startsWith("2/2");
    assertThat(harness.bounds(name + "-huge")).startsWith("4/4");
    assertThat(harness.hpa(name + "-empty")).isEmpty();
    assertThat(condition(Statuses.VALID).message())
        .contains("spec.timeRangeSpec[0].from: \"9am\" is no time of its kind", "08:00+05:30");
    awaitEvent("Invalid spec.timeRangeSpec[0].from");
    assertThat(condition(Statuses.READY).isTrue()).isFalse();
  }

  @Test
  void i18AStatusThatSomebodyElseWroteIsWrittenAgainAndTheHpaOnlyOnce() {
    harness.scaler(name, "", spec(bounds(4, 8), bounds(5, 9)));
    Rule conflict =
        Rule.of(
            verbs("patch").of("servicescalers/status").named(name),
            Fault.answer(409),
            Often.once());
    try (Applied fault = harness.proxy.apply(conflict)) {
      harness.settle(name);
    }

    assertThat(harness.bounds(name)).startsWith("5/5");
    assertThat(condition(Statuses.READY).isTrue()).isTrue();
    assertThat(hpaWrites(name)).hasSize(1);
  }

  private List<Exchange> hpaWrites(String hpa) {
    return harness.writes().stream()
        .filter(e -> e.request().resource().equals("horizontalpodautoscalers"))
        .filter(
            e -> e.request().body().contains("\"" + hpa + "\"") || e.request().name().equals(hpa))
        .toList();
  }

  @Test
  void i19ARefusalIsToldAndTriedAgain() {
    harness.scaler(name, "", spec(bounds(4, 8), bounds(5, 9)));
    harness.settle(name);
    harness.patch(
        ServiceScaler.TYPE, name, "{'spec': {'hpa': {'minReplicas': 1}, 'timeRangeSpec': []}}");
    harness.catchUp(name);
    Rule forbidden =
        Rule.of(verbs("patch").of("horizontalpodautoscalers").named(name), Fault.answer(403));
    try (Applied fault = harness.proxy.apply(forbidden)) {
      assertThatThrownBy(() -> harness.once(name)).matches(e -> Harness.refused(e, 403));
    }
    assertThat(condition(Statuses.APPLIED).reason()).isEqualTo("Refused");
    assertThat(harness.status(name).lastKnownConfig()).isEqualTo(Scalers.hpa(5, 5));
    awaitEvent("Refused");
    assertThat(
            harness
                .meters
                .get("ebb_timescaler_scalers")
                .tag("kind", "servicescaler")
                .tag("state", "failing")
                .gauge()
                .value())
        .isEqualTo(1);

    harness.settle(name);

    assertThat(harness.bounds(name)).startsWith("1/1");
    assertThat(condition(Statuses.APPLIED).isTrue()).isTrue();
  }

  @Test
  void whatSomebodyChangesOrDeletesIsPutBackAtOnce() {
    harness.scaler(name, "", spec(bounds(4, 8) + ", 'targetCPUUtilization': 50", bounds(5, 9)));
    harness.settle(name);

    harness.patch(Hpa.TYPE, name, "{'spec': {'minReplicas': 1, 'maxReplicas': 99}}");
    harness.settle(name);
    assertThat(harness.bounds(name)).isEqualTo("5/9 cpu50");

    harness.direct.delete(Hpa.TYPE, harness.hpa(name).orElseThrow().metadata());
    harness.settle(name);
    assertThat(harness.bounds(name)).isEqualTo("5/9 cpu50");
  }

  @Test
  void nothingIsWrittenWhileFrozenButTheStatus() {
    harness.scaler(name, "", spec(bounds(4, 8), bounds(5, 9)));
    harness.freeze.set(Optional.of(new Freeze(Freeze.Scope.SUITE, "audit")));

    harness.settle(name);

    assertThat(harness.hpa(name)).isEmpty();
    assertThat(condition(Statuses.APPLIED).message()).contains("audit", "it would make one");
    harness.freeze.set(Optional.empty());
    harness.settle(name);
    assertThat(harness.bounds(name)).startsWith("5/5");
  }

  @Test
  void aDayOfTheReadmesSample() {
    // T21 on a real API server: each change is one write, and nothing else is written.
    harness.scaler(
        name,
        "",
        """
        {'hpa': {'minReplicas': 4, 'maxReplicas': 8, 'targetCPUUtilization': 50,
                 'targetMemoryUtilization': 75},
         'timeRangeSpec': [
           {'kind': 'ZonedTime', 'from': '16:00+05:30', 'to': '00:00+05:30',
            'replicaSpec': {'hpa': {'minReplicas': 3, 'targetMemoryUtilization': 0}}},
           {'kind': 'ZonedTime', 'from': '00:00+05:30', 'to': '08:00+05:30',
            'replicaSpec': {'hpa': {'minReplicas': 2, 'targetMemoryUtilization': 0}}}]}
        """);
    harness.settle(name);
    Instant start = harness.clock.instant();
    Instant end = start.plus(Duration.ofDays(1));
    List<String> changes = new ArrayList<>();
    String before = harness.bounds(name);

    while (harness.clock.instant().isBefore(end)) {
      int writes = hpaWrites(name).size();
      Duration again = Objects.requireNonNull(harness.once(name).requeueAfter());
      String after = hpaWrites(name).size() == writes ? before : harness.bounds(name);
      if (!after.equals(before)) {
        changes.add(harness.clock.instant().toString().substring(11) + " " + after);
        before = after;
      }
      if (again.compareTo(Duration.ofMillis(100)) == 0) {
        // Somebody was quicker, as the HPA's own controller with its status.
        harness.catchUp(name);
      } else {
        harness.clock.advance(again);
      }
    }

    assertThat(changes)
        .containsExactly(
            "18:30:00Z 2/8 cpu50",
            "02:15:00Z 3/8 cpu50",
            "02:30:00Z 4/8 cpu50 memory75",
            "10:30:00Z 3/8 cpu50");
    assertThat(hpaWrites(name)).hasSize(1 + changes.size());
    // One for each HPA that changed, and one for each boundary.
    long statuses =
        harness.writes().stream()
            .filter(e -> e.request().resource().equals("servicescalers"))
            .filter(e -> e.request().name().equals(name))
            .count();
    assertThat(statuses).isLessThanOrEqualTo(2 + changes.size());
    harness.at(start.toString());
  }
}
