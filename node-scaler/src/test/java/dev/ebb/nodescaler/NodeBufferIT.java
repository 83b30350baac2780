package dev.ebb.nodescaler;

import static dev.ebb.testkit.proxy.Match.verbs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.provider.FakeDigitalOcean.FakePool;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Often;
import dev.ebb.testkit.proxy.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a NodeBuffer does, on a real API server, with DigitalOcean as its reference describes it.
 */
@WithCluster(pods = false, controllers = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeBufferIT {

  private Harness harness;
  private String space;
  private int number;
  private String name;

  @BeforeAll
  void start(Cluster cluster, TestNamespace own) {
    Harness.prepare(cluster, own.name());
    harness = new Harness(cluster, own.name());
    space = own.name();
  }

  @AfterAll
  void stop() {
    harness.close();
  }

  @BeforeEach
  void another() {
    // Nodes have no namespace.
    name = space + "-p" + ++number + "x";
    harness.freeze.set(Optional.empty());
    harness.cloud.heal();
    harness.cloud.calls.clear();
  }

  private String node(int i) {
    return name + "-" + i;
  }

  private List<String> writes() {
    return harness.cloudWrites().stream().map(call -> call.replaceAll(".*/", "")).toList();
  }

  private void awaitEvent(String object, String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(harness.events(object)).anyMatch(event -> event.contains(text)));
  }

  /** Lets marked nodes wait for long enough, and be looked at for the last time. */
  private void wait(Duration time) {
    harness.clock.advance(time);
    harness.settle(name);
  }

  @Test
  void growsAheadOfServersAndWritesNothingMore() {
    FakePool pool = harness.pool(name, 2);
    harness.servers(name, node(0), 9);
    harness.servers(name, node(1), 8);
    harness.buffer(name, 2, 6, "");
    harness.settle(name);

    assertThat(pool.count).isEqualTo(3);
    assertThat(harness.ready(name))
        .startsWith("False Filling: 3 of 4 slots are free, 10 with nodes that were asked for");
    awaitEvent(name, "ScaledUp size 2 -> 3: 3 of 4 slots are free");

    harness.bring(pool, name);
    harness.settle(name);
    NodeBuffer.Status status = harness.status(name);
    assertThat(harness.ready(name)).startsWith("True Full: 13 of 4 slots are free");
    assertThat(status.used()).isEqualTo(17);
    assertThat(status.nodes()).isEqualTo(3);
    assertThat(status.size()).isEqualTo(3);
    assertThat(status.memory().owed()).isZero();
    int before = harness.writes().size();
    long asked = harness.cloud.calls.size();
    harness.once(name);
    harness.once(name);
    assertThat(harness.writes()).hasSize(before);
    // No decision asks the cloud while its view is young.
    assertThat(harness.cloud.calls).hasSize((int) asked);
  }

  @Test
  void shrinksByEmptyNodesOnly() {
    FakePool pool = harness.pool(name, 4);
    harness.servers(name, node(0), 8);
    harness.servers(name, node(1), 6);
    harness.servers(name, node(2), 1);
    harness.buffer(name, 2, 6, "");
    harness.settle(name);

    // 25 slots are free: two nodes go out of use, the emptiest first.
    assertThat(harness.draining(name)).containsExactly(node(2), node(3));
    awaitEvent(node(3), "Draining NodeBuffer " + space + "/" + name);
    assertThat(writes()).isEmpty();
    wait(Duration.ofMinutes(2));
    assertThat(writes()).containsExactly("id-of-" + node(3) + "?skip_drain=1");
    awaitEvent(name, "ScaledDown node " + node(3));
    harness.end(pool, name);
    harness.settle(name);
    assertThat(harness.status(name).staying())
        .anyMatch(s -> s.node().equals(node(2)) && s.reason().equals("ProtectedPod"));

    // It stays for as long as its server plays, and is never marked anew.
    String since = since(node(2));
    wait(Duration.ofHours(1));
    assertThat(since(node(2))).isEqualTo(since);
    assertThat(pool.nodes).hasSize(3);
    harness.stop(name + "-" + node(2));
    harness.settle(name);
    assertThat(pool.nodes).doesNotContainKey(node(2));
    assertThat(pool.count).isEqualTo(2);
    assertThat(writes()).noneMatch(write -> write.startsWith("id-" + name));
  }

  private String since(String node) {
    return harness.node(node).orElseThrow().metadata().annotations().get(Node.SINCE);
  }

  @Test
  void marksAreTakenBackBeforeNodesAreAskedFor() {
    FakePool pool = harness.pool(name, 3);
    harness.servers(name, node(0), 8);
    harness.servers(name, node(1), 7);
    harness.buffer(name, 2, 6, "");
    harness.settle(name);
    assertThat(harness.draining(name)).containsExactly(node(2));

    harness.servers(name, node(1), 0);
    for (int i = 0; i < 3; i++) {
      harness.pod(name + "-more" + i, name, node(1));
    }
    harness.settle(name);

    assertThat(harness.draining(name)).isEmpty();
    assertThat(harness.node(node(2)).orElseThrow().metadata().annotations())
        .doesNotContainKeys(Node.SINCE, Node.BUFFER);
    assertThat(pool.count).isEqualTo(3);
    awaitEvent(node(2), "DrainingEnded");
  }

  @Test
  void serversThatWaitAreDemand() {
    FakePool pool = harness.pool(name, 2);
    harness.servers(name, node(0), 10);
    harness.servers(name, node(1), 10);
    harness.servers(name, "", 13);
    harness.buffer(name, 2, 9, "");
    harness.settle(name);

    assertThat(pool.count).isEqualTo(4);
    assertThat(harness.status(name).pending()).isEqualTo(13);
    assertThat(harness.ready(name)).contains("13 servers wait");
  }

  @Test
  void aServerThatIsBoundAtTheLastMomentIsNotEnded() {
    FakePool pool = harness.pool(name, 3);
    harness.servers(name, node(0), 5);
    harness.servers(name, node(1), 5);
    harness.buffer(name, 2, 6, "");
    harness.settle(name);
    assertThat(harness.draining(name)).containsExactly(node(2));
    harness.clock.advance(Duration.ofMinutes(2));
    // The cache does not see it in time: the watch of pods is late.
    try (Applied late = harness.proxy.apply(verbs("watch").of("pods"), Fault.freeze())) {
      harness.pod(name + "-late", name, node(2));
      harness.onWhatIsKnown(name);
      assertThat(harness.draining(name)).as("while %s", late.rule()).isEmpty();
    }
    harness.settle(name);

    assertThat(pool.nodes).containsKey(node(2));
    assertThat(writes()).isEmpty();
    awaitEvent(node(2), "Occupied It stays: pod " + space + "/" + name + "-late");
  }

  @Test
  void whatOthersKeepAwayIsNotTouched() {
    FakePool pool = harness.pool(name, 4);
    harness.admin(node(2), "{spec: {unschedulable: true}}");
    harness.admin(node(3), "{spec: {taints: [{key: theirs, effect: NoSchedule}]}}");
    harness.servers(name, node(0), 9);
    harness.servers(name, node(1), 9);
    harness.buffer(name, 2, 9, "");
    harness.settle(name);

    assertThat(pool.count).isEqualTo(5);
    assertThat(harness.draining(name)).isEmpty();
    assertThat(harness.node(node(2)).orElseThrow().spec().unschedulable()).isTrue();
    assertThat(harness.status(name).staying())
        .anyMatch(s -> s.node().equals(node(2)) && s.detail().equals("it is cordoned"))
        .anyMatch(s -> s.node().equals(node(3)) && s.detail().equals("taint theirs"));
    wait(Duration.ofHours(1));
    assertThat(pool.nodes).containsKeys(node(2), node(3));
  }

  @Test
  void aStockOutIsWaitedForAlsoAfterARestart() {
    FakePool pool = harness.pool(name, 2);
    harness.servers(name, node(0), 10);
    harness.servers(name, node(1), 10);
    harness.cloud.failWrites(1, 422, "");
    harness.buffer(name, 2, 6, "");
    harness.settle(name);

    assertThat(harness.said(name, "Applied")).startsWith("False BackingOff");
    assertThat(harness.status(name).memory().failures()).isEqualTo(1);
    awaitEvent(name, "ScaleUpFailed size 2 -> 3: digitalocean provider: cannot grow");
    assertThat(writes()).hasSize(1);
    harness.restart();
    harness.settle(name);
    wait(Duration.ofMinutes(4));
    assertThat(writes()).hasSize(1);
    wait(Duration.ofMinutes(2));
    assertThat(pool.count).isEqualTo(3);
  }

  @Test
  void nodesThatNeverComeAreWrittenOff() {
    FakePool pool = harness.pool(name, 2);
    harness.servers(name, node(0), 10);
    harness.servers(name, node(1), 10);
    harness.buffer(name, 2, 6, "");
    harness.settle(name);
    assertThat(pool.count).isEqualTo(3);
    wait(Duration.ofMinutes(14));
    assertThat(pool.count).isEqualTo(3);

    wait(Duration.ofMinutes(2));
    assertThat(harness.said(name, "Applied")).startsWith("False BackingOff");
    wait(Duration.ofMinutes(6));
    assertThat(pool.count).isEqualTo(4);
  }

  @Test
  void aCloudThatFailsIsLeftAloneForAWhile() {
    FakePool pool = harness.pool(name, 2);
    harness.servers(name, node(0), 10);
    harness.servers(name, node(1), 10);
    harness.cloud.fail(100, 500, "");
    harness.buffer(name, 2, 6, "");
    harness.settle(name);

    assertThat(harness.ready(name)).startsWith("False CloudUnreadable: the cloud cannot be read");
    int asked = harness.cloud.calls.size();
    harness.once(name);
    harness.once(name);
    assertThat(harness.cloud.calls).hasSize(asked);
    harness.cloud.heal();
    wait(Duration.ofSeconds(6));
    assertThat(pool.count).isEqualTo(3);
  }

  @Test
  void whoMayNotActSaysWhatWouldBe() {
    FakePool pool = harness.pool(name, 2);
    harness.servers(name, node(0), 10);
    harness.servers(name, node(1), 10);
    harness.buffer(name, 2, 6, "'mode': 'Observe'");
    harness.settle(name);
    assertThat(harness.ready(name))
        .startsWith("False Observing: spec.mode is Observe")
        .contains("it would be size 2 -> 3");
    harness.patch(name, "{'spec': {'mode': 'Paused'}}");
    harness.settle(name);
    assertThat(harness.ready(name)).startsWith("False Paused");
    harness.patch(name, "{'spec': {'mode': 'Enforce'}}");
    harness.freeze.set(Optional.of(new Freeze(Freeze.Scope.SUITE, "moving house")));
    harness.settle(name);
    assertThat(harness.ready(name)).startsWith("False SuiteFrozen").contains("moving house");
    assertThat(pool.count).isEqualTo(2);
    assertThat(harness.status(name).memory().lastGrowth()).isNull();

    harness.freeze.set(Optional.empty());
    harness.settle(name);
    assertThat(pool.count).isEqualTo(3);
  }

  @Test
  void aPauseEnds() {
    FakePool pool = harness.pool(name, 2);
    harness.servers(name, node(0), 10);
    harness.servers(name, node(1), 10);
    harness.buffer(name, 2, 6, "'mode': 'Paused'");
    harness.patch(
        name,
        "{'metadata': {'annotations': {'ebb.dev/paused-until': '%s'}}}"
            .formatted(harness.clock.instant().plus(Duration.ofMinutes(5))));
    harness.settle(name);
    assertThat(pool.count).isEqualTo(2);

    wait(Duration.ofMinutes(6));
    assertThat(pool.count).isEqualTo(3);
  }

  @Test
  void theOlderOfTwoHasThePool() {
    FakePool pool = harness.pool(name, 2);
    harness.servers(name, node(0), 10);
    harness.servers(name, node(1), 10);
    harness.buffer(name, 2, 6, "");
    harness.direct.create(
        NodeBuffer.TYPE,
        space,
        harness.json(Harness.manifest(name + "-z", name, 2, 9, "'free': {'slots': 50}")));
    harness.settle(name + "-z");
    assertThat(harness.ready(name + "-z"))
        .startsWith("False PoolTaken: buffer " + space + "/" + name);
    assertThat(pool.count).isEqualTo(2);
    harness.settle(name);
    assertThat(pool.count).isEqualTo(3);

    harness.delete(name);
    harness.settle(name + "-z");
    assertThat(pool.count).isEqualTo(7);
  }

  @Test
  void aBufferThatIsDeletedGivesItsNodesBack() {
    harness.pool(name, 3);
    harness.servers(name, node(0), 5);
    harness.buffer(name, 1, 6, "");
    harness.settle(name);
    assertThat(harness.draining(name)).isNotEmpty();

    harness.delete(name);
    harness.settle(name);
    assertThat(harness.draining(name)).isEmpty();
  }

  @Test
  void aNodeThatIsNoneOfItsAnyMoreIsGivenBack() {
    harness.pool(name, 3);
    harness.servers(name, node(0), 8);
    harness.servers(name, node(1), 7);
    harness.buffer(name, 2, 6, "");
    harness.settle(name);
    assertThat(harness.draining(name)).containsExactly(node(2));

    harness.admin(node(2), "{metadata: {labels: {role: another}}}");
    harness.settle(name);
    assertThat(harness.node(node(2)).orElseThrow().draining()).isFalse();
  }

  @Test
  void aStatusThatCannotBeWrittenMakesNothingHappenTwice() {
    FakePool pool = harness.pool(name, 2);
    harness.servers(name, node(0), 10);
    harness.servers(name, node(1), 10);
    try (Applied refused =
        harness.proxy.apply(
            Rule.of(verbs("patch").of("nodebuffers/status"), Fault.answer(503), Often.first(2)))) {
      harness.buffer(name, 2, 6, "");
      assertThatThrownBy(() -> harness.once(name)).isInstanceOf(KubeException.class);
      assertThatThrownBy(() -> harness.once(name)).isInstanceOf(KubeException.class);
      harness.settle(name);
      assertThat(refused.hits()).isEqualTo(2);
    }

    assertThat(pool.count).isEqualTo(3);
    assertThat(writes()).hasSize(1);
    assertThat(harness.status(name).memory().lastGrowth()).isNotNull();
  }

  @Test
  void aSlotMayBeAPodTemplate() {
    FakePool pool = harness.pool(name, 1);
    harness.buffer(name, 1, 9, "'slot': {'resources': null, 'podTemplate': '" + name + "'}");
    harness.settle(name);
    assertThat(harness.ready(name))
        .startsWith("False Invalid: spec.slot.podTemplate: there is no PodTemplate " + name);
    assertThat(harness.status(name).free()).isNull();

    harness.template(name, "400m");
    harness.settle(name);
    assertThat(harness.status(name).free()).isEqualTo(2);
    assertThat(pool.count).isEqualTo(2);
  }

  @Test
  void aReservationIsThereInTime() {
    FakePool pool = harness.pool(name, 1);
    harness.buffer(
        name,
        1,
        9,
        "'free': {'slots': 1, 'reservations': [{'name': 'cup', 'slots': 20, 'at': '%s', 'for': '2h'}]}"
            .formatted(harness.clock.instant().plus(Duration.ofHours(1))));
    harness.settle(name);
    assertThat(pool.count).isEqualTo(1);

    wait(Duration.ofMinutes(51));
    assertThat(harness.status(name).desired()).isEqualTo(21);
    assertThat(pool.count).isEqualTo(3);
    harness.bring(pool, name);
    wait(Duration.ofHours(3));
    assertThat(harness.status(name).desired()).isEqualTo(1);
    assertThat(harness.draining(name)).hasSize(2);
  }

  @Test
  void anotherBuffersServersAreSpared() {
    FakePool pool = harness.pool(name, 3);
    harness.servers(name, node(0), 8);
    harness.servers(name, node(1), 7);
    harness.direct.create(
        NodeBuffer.TYPE, space, harness.json(Harness.manifest(name + "-z", name + "-z", 1, 9, "")));
    // Pods that are no servers may be drained; those of the other buffer may not.
    harness.buffer(
        name,
        2,
        6,
        "'scaleDown': {'unneededFor': '2m', 'delayAfterAdd': '0s', 'hysteresisNodes': 0,"
            + " 'otherPods': 'Drain', 'percentAtOnce': 100}");
    harness.settle(name);
    assertThat(harness.draining(name)).containsExactly(node(2));
    harness.pod(name + "-other", name + "-z", node(2));
    wait(Duration.ofMinutes(3));

    assertThat(pool.nodes).containsKey(node(2));
    assertThat(writes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'pool': {'provider': 'x', 'nodeSelector': 'a=b', 'minNodes': 3, 'maxNodes': 2}"
            + " | minNodes is more than maxNodes; lower it, or raise maxNodes",
        "'slot': {} | set either resources or podTemplate",
        "'slot': {'resources': {'cpu': '1'}, 'podTemplate': 'x'} | set either resources or podTemplate",
        "'slot': {'resources': {'cpu': 'much'}} | spec.slot.resources.cpu",
        "'free': {} | it says nothing; set slots, percent or reservations",
        "'free': {'percent': 100} | spec.free.percent",
        "'free': {'reservations': [{'name': 'a', 'slots': 1, 'at': 'noon', 'for': '1h'}]}"
            + " | spec.free.reservations[0].at",
        "'mode': 'Now' | spec.mode",
        "'servers': {'selector': ''} | spec.servers.selector"
      })
  void whatMakesNoSenseIsRefused(String more, String message) {
    assertThatThrownBy(() -> harness.buffer(name, 0, 1, more))
        .isInstanceOf(KubeException.class)
        .hasMessageContaining(message);
  }
}
