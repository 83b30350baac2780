package dev.ebb.timescaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.Steerable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every kind of target, and many of them, on a real API server, by a stepped clock. */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TargetsIT {

  private static final ResourceType<Steerable> DEPLOYMENTS =
      new ResourceType<>("apps", "v1", "deployments", "Deployment", Steerable.class);
  private static final String WORKLOAD = "'apiVersion': 'apps/v1', 'kind': 'Deployment'";
  private static final String HPA =
      "'apiVersion': 'autoscaling/v2', 'kind': 'HorizontalPodAutoscaler'";
  private static final String KEDA = "'apiVersion': 'keda.sh/v1alpha1', 'kind': 'ScaledObject'";
  private static final String CPU =
      "'metrics': [{'type': 'Resource', 'resource': {'name': 'cpu',"
          + " 'target': {'type': 'Utilization', 'averageUtilization': 60}}}]";
  private static final String BY_DAY = "2026-03-10T12:00:00Z";
  private static final String AT_NIGHT = "2026-03-10T23:00:00Z";
  private static final String NEXT_DAY = "2026-03-11T12:00:00Z";

  private Cluster cluster;
  private Harness harness;
  private int number;
  private String name;

  private static String night(String set) {
    return "'timeZone': 'Europe/Berlin', 'windows': [{'name': 'night', 'daily': {'from': '22:00',"
        + " 'to': '06:00'}, 'set': {"
        + set
        + "}}]";
  }

  @BeforeAll
  void start(Cluster shared, TestNamespace own) {
    cluster = shared;
    Harness.define(cluster, Harness.CRD);
    cluster
        .kubectl("apply", "-f", Path.of("src/test/resources/keda-scaledobjects.yaml").toString())
        .orThrow();
    cluster.kubectl("wait", "--for=condition=Established", "crd/scaledobjects.keda.sh").orThrow();
    harness = new Harness(cluster, own.name(), "", List.of(Steerable.SCALED_OBJECT, DEPLOYMENTS));
  }

  @AfterAll
  void stop() {
    harness.close();
  }

  @BeforeEach
  void another() {
    name = "target-" + ++number;
    harness.at(number == 1 ? BY_DAY : "2026-03-10T12:00:00Z");
  }

  private void settle(String at) {
    harness.at(at);
    harness.settleSchedule(name);
  }

  private ScalingSchedule.Status status() {
    return harness.findSchedule(name).orElseThrow().status();
  }

  private Condition condition(String type) {
    return status().condition(type).orElseThrow();
  }

  private void deployment(String deployment, int replicas) {
    harness.deployment(deployment, replicas);
  }

  private void delete() {
    harness.direct.delete(
        ScalingSchedule.TYPE, harness.findSchedule(name).orElseThrow().metadata());
    harness.settleSchedule(name);
  }

  private void awaitEvent(String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(harness.events(name)).anyMatch(event -> event.contains(text)));
  }

  @Test
  void aCountIsHeldBetweenTheBoundsAndComesBack() {
    deployment(name, 2);
    harness.scheduleOn(name, WORKLOAD, name, night("'minReplicas': 5"));

    settle(BY_DAY);
    assertThat(harness.replicas(name)).isEqualTo(2);
    assertThat(condition("Ready").isTrue()).isTrue();

    settle(AT_NIGHT);
    assertThat(harness.replicas(name)).isEqualTo(5);
    assertThat(harness.annotations(DEPLOYMENTS, name).get(Steerable.SAVED_SCALE))
        .isEqualTo("{\"replicas\":2,\"by\":\"ScalingSchedule " + name + "\"}");
    awaitEvent("TargetChanged replicas 2 → 5");

    harness.scale(name, 9);
    harness.settleSchedule(name);
    assertThat(harness.replicas(name)).isEqualTo(5);

    settle(NEXT_DAY);
    assertThat(harness.replicas(name)).isEqualTo(2);
    assertThat(harness.annotations(DEPLOYMENTS, name)).doesNotContainKey(Steerable.SAVED_SCALE);
    harness.scale(name, 3);
    harness.settleSchedule(name);
    assertThat(harness.replicas(name)).isEqualTo(3);
  }

  @Test
  void aWorkloadHibernatesAndIsGivenBackWhenItsScheduleGoes() {
    deployment(name, 4);
    harness.scheduleOn(name, WORKLOAD, name, night("'hibernate': true"));
    settle(AT_NIGHT);
    assertThat(harness.replicas(name)).isEqualTo(0);

    delete();

    assertThat(harness.replicas(name)).isEqualTo(4);
    assertThat(harness.annotations(DEPLOYMENTS, name)).doesNotContainKey(Steerable.SAVED_SCALE);
  }

  @Test
  void anHpasWorkloadHibernatesAndComesBack() {
    deployment(name, 4);
    harness.foreignHpa(name, "", 2, 9, CPU);
    harness.scheduleOn(name, HPA, name, night("'hibernate': true, 'maxReplicas': 6"));

    settle(AT_NIGHT);
    assertThat(harness.replicas(name)).isEqualTo(0);
    assertThat(harness.bounds(name)).isEqualTo("2/6 cpu60");
    assertThat(status().effective()).isNotNull();
    assertThat(Objects.requireNonNull(status().effective()).hibernate()).isTrue();
    assertThat(harness.annotations(Hpa.TYPE, name)).containsKey(Steerable.SAVED_SCALE);

    settle(NEXT_DAY);
    assertThat(harness.replicas(name)).isEqualTo(4);
    assertThat(harness.bounds(name)).isEqualTo("2/9 cpu60");
    assertThat(harness.annotations(Hpa.TYPE, name)).doesNotContainKey(Steerable.SAVED_SCALE);

    harness.at("2026-03-11T23:00:00Z");
    harness.settleSchedule(name);
    assertThat(harness.replicas(name)).isEqualTo(0);
    delete();
    assertThat(harness.replicas(name)).isEqualTo(4);
    assertThat(harness.annotations(Hpa.TYPE, name)).isEmpty();
  }

  @Test
  void aWorkloadWithAnHpaIsLeftToIt() {
    deployment(name, 4);
    harness.foreignHpa(name, "", 2, 9, CPU);
    harness.scheduleOn(name, WORKLOAD, name, night("'minReplicas': 7"));

    settle(AT_NIGHT);

    assertThat(harness.replicas(name)).isEqualTo(4);
    assertThat(condition("Applied").reason()).isEqualTo("SteeredByOther");
    assertThat(condition("Applied").message()).contains("HorizontalPodAutoscaler " + name);
  }

  @Test
  void aScaledObjectFollowsHibernatesAndComesBack() {
    harness.scaledObject(name, "", "'minReplicaCount': 1");
    harness.scheduleOn(
        name,
        KEDA,
        name,
        "'timeZone': 'Europe/Berlin', 'windows': ["
            + "{'name': 'peak', 'daily': {'from': '12:00', 'to': '14:00'},"
            + " 'set': {'minReplicas': 3, 'maxReplicas': 20}},"
            + "{'name': 'night', 'daily': {'from': '22:00', 'to': '06:00'},"
            + " 'set': {'hibernate': true}}]");

    settle(BY_DAY);
    assertThat(harness.keda(name)).isEqualTo("3/20");
    assertThat(status().effective())
        .isEqualTo(new dev.ebb.timeplan.ScheduleSpec.Setting(3L, 20L, null, null));

    settle(AT_NIGHT);
    assertThat(harness.keda(name)).isEqualTo("1/");
    assertThat(harness.annotations(Steerable.SCALED_OBJECT, name))
        .containsEntry(Steerable.KEDA_PAUSED_REPLICAS, "0")
        .containsKey(Steerable.HIBERNATED);

    settle(NEXT_DAY);
    assertThat(harness.keda(name)).isEqualTo("3/20");
    assertThat(harness.annotations(Steerable.SCALED_OBJECT, name))
        .doesNotContainKey(Steerable.KEDA_PAUSED_REPLICAS);
    delete();
    assertThat(harness.keda(name)).isEqualTo("1/");
    assertThat(harness.annotations(Steerable.SCALED_OBJECT, name)).isEmpty();
  }

  @Test
  void aScaledObjectThatSomebodyPausedIsLeftAlone() {
    harness.scaledObject(
        name, "'autoscaling.keda.sh/paused-replicas': '2'", "'minReplicaCount': 1");
    harness.scheduleOn(name, KEDA, name, night("'hibernate': true"));

    settle(AT_NIGHT);

    assertThat(harness.annotations(Steerable.SCALED_OBJECT, name))
        .containsEntry(Steerable.KEDA_PAUSED_REPLICAS, "2");
    assertThat(condition("Applied").reason()).isEqualTo("SwitchedOff");
  }

  @Test
  void aScaledResourceThatHibernatesIsAskedToSleepAndComesBack() {
    harness.resource(name, "'min': 1, 'max': 6");
    harness.schedule(name, "ScaledResource", name, night("'hibernate': true"));

    settle(AT_NIGHT);
    assertThat(harness.annotations(dev.ebb.runtime.model.ScaledResource.TYPE, name))
        .containsEntry("ebb.dev/sleep-asked", AT_NIGHT)
        .containsKey(Steerable.HIBERNATED);
    assertThat(Objects.requireNonNull(harness.resource(name).spec().replicas()).min()).isZero();

    settle(NEXT_DAY);
    assertThat(harness.annotations(dev.ebb.runtime.model.ScaledResource.TYPE, name))
        .doesNotContainKey(Steerable.HIBERNATED);
    assertThat(Objects.requireNonNull(harness.resource(name).spec().replicas()).min()).isOne();
  }

  @Test
  void manyFollowByLabelsAndABadOneStopsNobody() {
    String label = "'labels': {'team': '" + name + "'}";
    for (String each : List.of("-a", "-b", "-c")) {
      harness.labelledHpa(
          name + each, label, each.equals("-b") ? "'ebb.dev/managed': 'false'" : "", 4, 9);
    }
    harness.scheduleRaw(
        name,
        "'targetSelector': {"
            + HPA
            + ", 'labelSelector': {'matchLabels': {'team': '"
            + name
            + "'}}}, "
            + night("'minReplicas': 2"));

    settle(AT_NIGHT);

    assertThat(harness.bounds(name + "-a")).startsWith("2/9");
    assertThat(harness.bounds(name + "-b")).startsWith("4/9");
    assertThat(harness.bounds(name + "-c")).startsWith("2/9");
    assertThat(status().target()).isEqualTo("2/3");
    assertThat(condition("Applied").message()).contains("1 of 3 targets", name + "-b");
    assertThat(Objects.requireNonNull(status().targets()).others())
        .singleElement()
        .satisfies(other -> assertThat(other.reason()).isEqualTo("SwitchedOff"));
    awaitEvent("SwitchedOff " + harness.namespace + "/" + name + "-b");
    awaitEvent("TargetChanged " + harness.namespace + "/" + name + "-c: min 4 → 2");

    harness.asked.clear();
    harness.patch(Hpa.TYPE, name + "-c", "{'metadata': {'labels': {'team': 'other'}}}");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> harness.asked.stream().anyMatch(key -> key.name().equals(name)));
    harness.settleSchedule(name);
    assertThat(harness.bounds(name + "-c")).startsWith("4/9");
    assertThat(status().target()).isEqualTo("1/2");

    delete();
    assertThat(harness.bounds(name + "-a")).startsWith("4/9");
    assertThat(harness.annotations(Hpa.TYPE, name + "-a")).isEmpty();
  }

  @Test
  void namespacesAreSelectedByTheirLabels() {
    String other = harness.namespace + "-next";
    cluster.kubectl("create", "namespace", other).orThrow();
    try {
      cluster.kubectl("label", "namespace", other, "stage=" + name).orThrow();
      cluster
          .kubectlIn(other, "create", "deployment", name, "--image=none.example", "--replicas=3")
          .orThrow();
      harness.scheduleRaw(
          name,
          "'targetSelector': {"
              + WORKLOAD
              + ", 'labelSelector': {}, 'namespaceSelector': {'matchExpressions': [{'key': 'stage',"
              + " 'operator': 'In', 'values': ['"
              + name
              + "']}]}}, "
              + night("'hibernate': true"));
      harness.awaitSeen(other, name);
      settle(AT_NIGHT);
      assertThat(replicas(other)).isEqualTo("0");
      assertThat(status().target()).isEqualTo("1/1");
      assertThat(annotations(other)).contains("ScalingSchedule " + harness.namespace + "/" + name);

      settle(NEXT_DAY);
      assertThat(replicas(other)).isEqualTo("3");
    } finally {
      cluster.kubectl("delete", "namespace", other, "--wait=false").orThrow();
    }
  }

  private String replicas(String namespace) {
    return get(namespace, "{.spec.replicas}");
  }

  private String annotations(String namespace) {
    return get(namespace, "{.metadata.annotations}");
  }

  private String get(String namespace, String path) {
    return cluster
        .kubectlIn(namespace, "get", "deployment", name, "-o", "jsonpath=" + path)
        .orThrow()
        .out();
  }

  @Test
  void aKindThatNobodyLooksAtIsToldWithTheRemedy() {
    harness.scheduleOn(
        name, "'apiVersion': 'batch/v1', 'kind': 'CronJob'", name, night("'minReplicas': 1"));

    settle(AT_NIGHT);

    assertThat(condition("Applied").reason()).isEqualTo("KindNotAllowed");
    assertThat(condition("Applied").message()).contains("batch/CronJob", "scaleTargets");
    awaitEvent("KindNotAllowed");
  }

  @Test
  void oneTargetOrManyAreNamed() {
    assertThatThrownBy(() -> harness.scheduleRaw(name, night("'minReplicas': 1")))
        .hasMessageContaining("name one target in spec.targetRef, or select many");
  }
}
