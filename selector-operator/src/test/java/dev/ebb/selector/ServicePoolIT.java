package dev.ebb.selector;

import static dev.ebb.testkit.proxy.Match.verbs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.model.Service;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Often;
import dev.ebb.testkit.proxy.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What 3S should have done (T-A3 to T-A16, defects A-D1 to A-D19), on a real API server. */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServicePoolIT {

  private Harness harness;
  private int number;
  private String pool;
  private String set;
  private String svc;

  @BeforeAll
  void start(Cluster cluster, TestNamespace own) {
    Harness.define(cluster);
    harness = new Harness(cluster, own.name(), null);
  }

  @AfterAll
  void stop() {
    harness.close();
  }

  @BeforeEach
  void another() {
    pool = "pool" + ++number + "x";
    set = "set" + number + "x";
    svc = "svc" + number + "x-";
    harness.freeze.set(Optional.empty());
  }

  /** A pool of so many ready pods and Services, settled. */
  private Map<String, String> usual(int pods, int services, String more) {
    harness.set(set, pods);
    harness.pods(set, pods);
    harness.services(svc, services, set);
    harness.pool(pool, set, svc, more);
    harness.settle(pool);
    return harness.map(svc);
  }

  private void awaitEvent(String object, String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(harness.events(object)).anyMatch(event -> event.contains(text)));
  }

  private static int imbalance(Map<String, String> map) {
    Map<String, Integer> counts = new TreeMap<>();
    map.values().forEach(p -> counts.merge(p, 1, Integer::sum));
    return counts.values().stream().mapToInt(n -> n).max().orElse(0)
        - counts.values().stream().mapToInt(n -> n).min().orElse(0);
  }

  private static long moves(Map<String, String> from, Map<String, String> to) {
    return to.entrySet().stream().filter(e -> !e.getValue().equals(from.get(e.getKey()))).count();
  }

  @Test
  void sharesOutAndWritesNothingMore() {
    Map<String, String> map = usual(3, 8, "");

    assertThat(map).hasSize(8);
    assertThat(imbalance(map)).isLessThanOrEqualTo(1);
    // One key is set, the others stay (A-D7).
    assertThat(harness.selector(svc + 0)).containsEntry("app", set).hasSize(2);
    assertThat(harness.ready(pool)).startsWith("True Assigned: 8 Services");
    ServicePool.Status status = harness.status(pool);
    assertThat(status.services()).isEqualTo(8);
    assertThat(status.eligible()).isEqualTo(3);
    assertThat(status.moves()).isZero();
    // T-A7, T-A16, A-D5: a second pass, and one after a minute, write nothing.
    int before = harness.writes().size();
    harness.once(pool);
    harness.clock.advance(Duration.ofMinutes(2));
    harness.once(pool);
    assertThat(harness.writes()).hasSize(before);
  }

  @Test
  void scalingMovesTheMinimum() {
    Map<String, String> three = usual(3, 8, "'homeWindow': '0s'");
    harness.scale(set, 4);
    harness.pod(set, 3);
    harness.settle(pool);
    Map<String, String> four = harness.map(svc);

    assertThat(moves(three, four)).isEqualTo(2);
    assertThat(imbalance(four)).isZero();
    assertThat(harness.status(pool).lastMoves()).isEqualTo(2);
    // A condemned ordinal is left before anything is deleted (A-D3).
    harness.scale(set, 3);
    harness.settle(pool);
    assertThat(harness.map(svc)).doesNotContainValue(set + "-3");
    assertThat(moves(four, harness.map(svc))).isEqualTo(2);
  }

  @Test
  void aPodThatIsNotReadyLosesItsOwnAndGetsThemBack() {
    // T-A3, T-A9, A-D1
    Map<String, String> before = usual(4, 8, "");
    harness.ready(set + "-1", false);
    harness.settle(pool);
    Map<String, String> during = harness.map(svc);

    assertThat(during).doesNotContainValue(set + "-1");
    assertThat(moves(before, during)).isEqualTo(2);
    harness.ready(set + "-1", true);
    harness.settle(pool);
    assertThat(harness.map(svc)).isEqualTo(before);
    assertThat(harness.find(svc + 0).metadata().annotations()).doesNotContainKey(Marks.HOME);
  }

  @Test
  void graceKeepsThemForAWhile() {
    // A-D4
    Map<String, String> before = usual(3, 6, "'unreadyGrace': '30s'");
    harness.ready(set + "-1", false);
    harness.settle(pool);
    assertThat(harness.map(svc)).isEqualTo(before);

    harness.clock.advance(Duration.ofSeconds(31));
    harness.settle(pool);
    assertThat(harness.map(svc)).doesNotContainValue(set + "-1");
  }

  @Test
  void aPodIsTakenOnlyAfterMinReadySeconds() {
    Map<String, String> before = usual(2, 4, "'minReadySeconds': 10");
    assertThat(before).isEmpty();
    harness.clock.advance(Duration.ofSeconds(10));
    harness.settle(pool);

    assertThat(harness.map(svc)).hasSize(4);
  }

  @Test
  void aTerminatingPodThatIsStillReadyIsLeft() {
    // T-A4, A-D3
    usual(3, 6, "");
    harness.terminate(set + "-2");
    harness.settle(pool);

    assertThat(harness.map(svc)).doesNotContainValue(set + "-2");
    harness.gone(set + "-2");
    harness.settle(pool);
    assertThat(harness.map(svc)).hasSize(6);
  }

  @Test
  void withoutAnyPodNothingIsWrittenAndSomebodyIsTold() {
    // T-A5, A-D10
    Map<String, String> before = usual(2, 4, "");
    harness.ready(set + "-0", false);
    harness.ready(set + "-1", false);
    harness.settle(pool);

    assertThat(harness.map(svc)).isEqualTo(before);
    assertThat(harness.ready(pool)).startsWith("False NoEligiblePod").contains("unready");
    awaitEvent(pool, "NoEligiblePod");
    assertThat(
            harness
                .meters
                .get("ebb_selector_unassigned_services")
                .tag("pool", harness.key(pool).toString())
                .gauge()
                .value())
        .isEqualTo(4);
  }

  @Test
  void withoutAnyPodTheRestOfTheSelectorDecidesIfThatIsWanted() {
    Map<String, String> before = usual(2, 4, "'whenNoPod': 'All'");
    harness.ready(set + "-0", false);
    harness.ready(set + "-1", false);
    harness.settle(pool);
    assertThat(harness.selector(svc + 0)).isEqualTo(Map.of("app", set));

    harness.ready(set + "-0", true);
    harness.ready(set + "-1", true);
    harness.settle(pool);
    assertThat(harness.map(svc)).hasSameSizeAs(before);
    assertThat(imbalance(harness.map(svc))).isZero();
  }

  @Test
  void aConflictIsDecidedAnewAndARefusalKeepsNoOtherBack() {
    // T-A6, A-D9
    harness.set(set, 2);
    harness.pods(set, 2);
    harness.services(svc, 4, set);
    harness.pool(pool, set, svc, "");
    harness.catchUp();
    Rule conflict =
        Rule.of(verbs("patch").of("services").named(svc + 0), Fault.answer(409), Often.once());
    try (Applied fault = harness.proxy.apply(conflict)) {
      assertThat(harness.once(pool).requeueAfter()).isEqualTo(Duration.ofMillis(100));
    }
    assertThat(harness.map(svc)).containsOnlyKeys(svc + 1, svc + 2, svc + 3);
    Rule forbidden = Rule.of(verbs("patch").of("services").named(svc + 0), Fault.answer(403));
    harness.catchUp();
    try (Applied fault = harness.proxy.apply(forbidden)) {
      assertThatThrownBy(() -> harness.once(pool)).isInstanceOf(KubeException.class);
      assertThat(harness.ready(pool)).startsWith("False Refused: " + svc + 0);
    }
    harness.settle(pool);
    assertThat(harness.map(svc)).hasSize(4);
  }

  @Test
  void aNewServiceGetsItsPodWithoutAnyPodEvent() {
    // T-A13, A-D8
    usual(2, 4, "");
    harness.service(svc + 4, "", "'selector': {'app': '" + set + "'}");
    harness.settle(pool);

    assertThat(harness.map(svc)).containsKey(svc + 4);
  }

  @Test
  void whatSelectsNoPodsIsRefusedAndToldOfOnce() {
    // T-A12, A-D7, A-D19
    harness.service(svc + 10, "", "'type': 'ExternalName', 'externalName': 'example.org'");
    harness.service(svc + 11, "", "'clusterIP': 'None', 'selector': {'app': '" + set + "'}");
    harness.service(svc + 12, "", "");
    harness.service(svc + 13, "", "'selector': {'app': 'other'}");
    harness.service(svc + "metrics", "", "'selector': {'app': '" + set + "'}");
    harness.service(
        svc + 14,
        "'ebb.dev/managed': 'true'",
        "'clusterIP': 'None', 'selector': {'app': '" + set + "'}");
    usual(2, 4, "");

    assertThat(harness.map(svc)).hasSize(5).containsKey(svc + 14);
    assertThat(harness.selector(svc + 12)).isEmpty();
    assertThat(harness.selector(svc + 13)).isEqualTo(Map.of("app", "other"));
    assertThat(harness.selector(svc + "metrics")).doesNotContainKey(Marks.POD_NAME);
    assertThat(harness.ready(pool)).startsWith("False ServicesRefused");
    awaitEvent(svc + 10, "RefusedExternalName");
    awaitEvent(svc + 11, "RefusedHeadless");
    awaitEvent(svc + 12, "RefusedNoSelector");
    awaitEvent(svc + 13, "RefusedForeignSelector");
  }

  @Test
  void anEditByHandIsMendedOnceAtOnceAndThenLaterAndLater() {
    // T-A14: mended, and no fight
    Map<String, String> map = usual(2, 4, "");
    edit();
    harness.settle(pool);
    assertThat(harness.map(svc)).isEqualTo(map);
    awaitEvent(svc + 0, "SelectorRepaired");

    edit();
    harness.settle(pool);
    assertThat(harness.selector(svc + 0)).containsEntry(Marks.POD_NAME, "other");
    assertThat(harness.ready(pool)).startsWith("False Contested").contains(svc + 0);
    awaitEvent(svc + 0, "Contested");

    harness.clock.advance(Duration.ofSeconds(61));
    harness.settle(pool);
    assertThat(harness.map(svc)).isEqualTo(map);
  }

  private void edit() {
    harness.patch(
        Service.TYPE, svc + 0, "{'spec': {'selector': {'%s': 'other'}}}".formatted(Marks.POD_NAME));
  }

  @Test
  void whoOptsOutOrLosesItsPoolGetsBackWhatItSaid() {
    // T-A14, A-D7
    harness.service(
        svc + 9, "", "'selector': {'app': '%s', '%s': '%s-1'}".formatted(set, Marks.POD_NAME, set));
    usual(2, 4, "");
    harness.patch(
        Service.TYPE, svc + 0, "{'metadata': {'annotations': {'ebb.dev/managed': 'false'}}}");
    harness.settle(pool);
    assertThat(harness.selector(svc + 0)).isEqualTo(Map.of("app", set));
    assertThat(harness.find(svc + 0).metadata().annotations()).doesNotContainKey(Marks.POOL);

    harness.deletePool(pool);
    harness.settle(pool);
    assertThat(harness.selector(svc + 1)).isEqualTo(Map.of("app", set));
    assertThat(harness.selector(svc + 9)).containsEntry(Marks.POD_NAME, set + "-1");
    assertThat(harness.find(svc + 1).metadata().annotations())
        .doesNotContainKeys(Marks.POOL, Marks.POD, Marks.BEFORE, Marks.MOVED, Marks.HOME);
    awaitEvent(svc + 1, "SelectorRestored");
  }

  @Test
  void aPoolThatWouldTakeEverythingIsRefused() {
    // T-A11, A-D6
    assertThatThrownBy(() -> harness.pool(pool, set, "", ""))
        .isInstanceOf(KubeException.class)
        .hasMessageContaining("it would take every Service of the namespace");
    assertThatThrownBy(() -> harness.pool(pool, "", svc, ""))
        .isInstanceOf(KubeException.class)
        .hasMessageContaining("it would take every pod of the namespace");
    assertThatThrownBy(() -> harness.pool(pool, set, svc, "'strategy': 'Best'"))
        .isInstanceOf(KubeException.class)
        .hasMessageContaining("strategy");
  }

  @Test
  void whatMakesNoSenseIsToldAndNothingIsDone() {
    harness.set(set, 1);
    harness.pods(set, 1);
    harness.services(svc, 2, set);
    harness.pool(pool, set, svc, "'unreadyGrace': 'soon'");
    harness.settle(pool);

    assertThat(harness.map(svc)).isEmpty();
    assertThat(harness.ready(pool)).startsWith("False Invalid: spec.unreadyGrace");
    awaitEvent(pool, "Invalid");
  }

  @Test
  void onlyOnePoolHasAService() {
    usual(2, 4, "");
    harness.pool("also-" + pool, set, svc, "");
    harness.settle("also-" + pool);

    assertThat(harness.ready("also-" + pool)).contains("NoServices").contains(pool + " has it");
    assertThat(harness.find(svc + 0).metadata().annotations()).containsEntry(Marks.POOL, pool);
  }

  @Test
  void whoIsFrozenOrObservesWritesNothingButStatus() {
    harness.set(set, 2);
    harness.pods(set, 2);
    harness.services(svc, 4, set);
    harness.pool(pool, set, svc, "'mode': 'Observe'");
    harness.settle(pool);
    assertThat(harness.map(svc)).isEmpty();
    assertThat(harness.ready(pool)).startsWith("False Observing").contains(svc + "0 -> " + set);

    harness.freeze.set(Optional.of(new Freeze(Freeze.Scope.SUITE, "")));
    harness.patch(ServicePool.TYPE, pool, "{'spec': {'mode': 'Enforce'}}");
    harness.settle(pool);
    assertThat(harness.map(svc)).isEmpty();
    assertThat(harness.ready(pool)).startsWith("False SuiteFrozen");

    harness.freeze.set(Optional.empty());
    harness.settle(pool);
    assertThat(harness.map(svc)).hasSize(4);
  }

  @Test
  void movesWithoutNeedAreSpreadOverMinutes() {
    usual(1, 8, "'maxMovesPerMinute': 2");
    harness.scale(set, 2);
    harness.pod(set, 1);
    harness.settle(pool);
    assertThat(harness.map(svc).values()).filteredOn((set + "-1")::equals).hasSize(2);
    assertThat(harness.ready(pool)).startsWith("False Moving: 2 more");

    harness.clock.advance(Duration.ofSeconds(61));
    harness.settle(pool);
    assertThat(harness.map(svc).values()).filteredOn((set + "-1")::equals).hasSize(4);
    // What has to move does not wait.
    harness.ready(set + "-1", false);
    harness.settle(pool);
    assertThat(harness.map(svc).values()).containsOnly(set + "-0");
  }

  @Test
  void servicesAreMadeSoThatClientsAndPoolAgree() {
    harness.set(set, 2);
    harness.pods(set, 2);
    harness.pool(pool, set, "none", "");
    harness.patch(
        ServicePool.TYPE,
        pool,
        "{'spec': {'services': {'prefix': '%s', 'count': 4, 'ports': [{'port': 1234}]}}}"
            .formatted(svc));
    harness.settle(pool);
    assertThat(harness.map(svc)).hasSize(4);
    assertThat(imbalance(harness.map(svc))).isZero();

    harness.patch(ServicePool.TYPE, pool, "{'spec': {'services': {'count': 3}}}");
    harness.settle(pool);
    assertThat(harness.map(svc)).containsOnlyKeys(svc + 0, svc + 1, svc + 2);
  }

  @Test
  void podsOfAnotherSetAreNotTaken() {
    // A-D11
    harness.set("other" + set, 1);
    harness.pod("other" + set, 0);
    assertThat(usual(2, 4, "").values()).doesNotContain("other" + set + "-0");
  }

  @Test
  void aSetGoesToZeroAndComesBack() {
    Map<String, String> before = usual(3, 6, "");
    harness.scale(set, 0);
    for (int i = 0; i < 3; i++) {
      harness.terminate(set + "-" + i);
      harness.gone(set + "-" + i);
    }
    harness.settle(pool);
    assertThat(harness.map(svc)).isEqualTo(before);
    assertThat(harness.ready(pool)).contains("NoEligiblePod");

    harness.scale(set, 3);
    harness.pods(set, 3);
    harness.settle(pool);
    assertThat(harness.map(svc)).isEqualTo(before);
  }

  @Test
  void aServiceWithoutASelectorGetsASliceOfItsPod() {
    harness.set(set, 2);
    harness.pods(set, 2);
    harness.address(set + "-0", "10.9.0.1");
    harness.address(set + "-1", "10.9.0.2");
    harness.service(svc + 0, "", "");
    harness.service(svc + 1, "", "'selector': {'app': '" + set + "'}");
    harness.pool(pool, set, svc, "");
    harness.patch(ServicePool.TYPE, pool, "{'spec': {'services': {'via': 'Slice'}}}");
    harness.settle(pool);
    Service one = harness.find(svc + 0);
    String pod = one.metadata().annotations().get(Marks.POD);

    assertThat(one.spec().selector()).isEmpty();
    assertThat(harness.endpoints(svc + 0))
        .containsExactly(pod + " " + (pod.endsWith("0") ? "10.9.0.1" : "10.9.0.2") + " true");
    awaitEvent(svc + 1, "RefusedHasSelector");
    int before = harness.writes().size();
    harness.once(pool);
    assertThat(harness.writes()).hasSize(before);

    // It moves, and the slice with it.
    harness.ready(pod, false);
    harness.settle(pool);
    assertThat(harness.endpoints(svc + 0)).hasSize(1).allMatch(e -> !e.startsWith(pod + " "));

    harness.deletePool(pool);
    harness.settle(pool);
    assertThat(harness.endpoints(svc + 0)).isEmpty();
    assertThat(harness.find(svc + 0).metadata().annotations()).doesNotContainKey(Marks.POOL);
  }

  @Test
  void whatMovedStaysForAWhileUnlessItHasToMove() {
    usual(1, 4, "'releaseDelay': '1m', 'homeWindow': '0s'");
    harness.scale(set, 2);
    harness.pod(set, 1);
    harness.settle(pool);
    Map<String, String> shared = harness.map(svc);
    assertThat(imbalance(shared)).isZero();
    harness.ready(set + "-1", false);
    harness.settle(pool);
    assertThat(harness.map(svc).values()).containsOnly(set + "-0");

    harness.ready(set + "-1", true);
    harness.settle(pool);
    assertThat(harness.map(svc).values()).containsOnly(set + "-0");
    assertThat(harness.ready(pool)).startsWith("False Moving: 2 more");
    harness.clock.advance(Duration.ofSeconds(61));
    harness.settle(pool);
    assertThat(imbalance(harness.map(svc))).isZero();
  }

  @Test
  void aPauseEndsByItself() {
    usual(1, 4, "");
    harness.patch(
        ServicePool.TYPE,
        pool,
        "{'metadata': {'annotations': {'ebb.dev/paused-until': '%s'}}, 'spec': {'mode': 'Paused'}}"
            .formatted(harness.clock.instant().plusSeconds(60)));
    harness.scale(set, 2);
    harness.pod(set, 1);
    harness.settle(pool);
    assertThat(harness.map(svc).values()).containsOnly(set + "-0");
    assertThat(harness.ready(pool)).startsWith("False Paused");

    harness.clock.advance(Duration.ofSeconds(61));
    harness.settle(pool);
    harness.settle(pool);
    assertThat(imbalance(harness.map(svc))).isZero();
    awaitEvent(pool, "PauseEnded");
  }
}
