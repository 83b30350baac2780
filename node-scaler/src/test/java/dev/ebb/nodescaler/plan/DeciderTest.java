package dev.ebb.nodescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.scaler.nodes.NodePool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Who decides about a node, and who keeps hands off. */
class DeciderTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static Buffer buffer(String name, String created, String pool, String more) {
    return Buffer.of(
        JSON.readValue(
            """
            {'metadata': {'name': '%1$s', 'namespace': 'games', 'uid': '%1$s',
               'creationTimestamp': '2026-01-0%2$sT00:00:00Z'},
             'spec': {'pool': {'provider': 'fake', 'nodeSelector': 'role=%3$s', 'maxNodes': 9,
                 'settings': {'pool': '%3$s'}},
               'servers': {'selector': 'app=%1$s'}, 'slot': {'resources': {'cpu': '1'}},
               'free': {'slots': 1}%4$s}}
            """
                .formatted(name, created, pool, more.isEmpty() ? "" : ", " + more)
                .replace('\'', '"'),
            NodeBuffer.class),
        null);
  }

  private static Node node(String name, String role, String annotations, String spec) {
    return JSON.readValue(
        """
        {'metadata': {'name': '%s', 'labels': {'role': '%s'}, 'annotations': {%s},
           'creationTimestamp': '2026-02-01T00:00:00Z'}, 'spec': {%s},
         'status': {'allocatable': {'cpu': '4', 'pods': '110'}, 'conditions': [
           {'type': 'Ready', 'status': 'True', 'lastTransitionTime': '2026-02-01T00:00:00Z'}]}}
        """
            .formatted(name, role, annotations, spec)
            .replace('\'', '"'),
        Node.class);
  }

  private static Node marked(String name, String role, String buffer) {
    return node(
        name,
        role,
        "'ebb.dev/node-buffer': 'games/%s', 'ebb.dev/draining-since': '2026-03-01T11:00:00Z'"
            .formatted(buffer),
        "'taints': [{'key': 'ebb.dev/draining', 'effect': 'NoSchedule'}]");
  }

  private static ServerPod pod(String app, String node) {
    return JSON.readValue(
        """
        {'metadata': {'name': '%1$s', 'namespace': 'games', 'labels': {'app': '%1$s'}},
         'spec': {'nodeName': '%2$s', 'containers': []}}
        """
            .formatted(app, node)
            .replace('\'', '"'),
        ServerPod.class);
  }

  private static Decision decide(
      Buffer buffer, List<Buffer> all, List<Node> nodes, List<ServerPod> pods, @Nullable Freeze f) {
    return Decider.decide(
        new Situation(
            buffer,
            all,
            nodes,
            pods,
            new NodePool(nodes.size(), false, List.of()),
            "",
            Memory.NONE,
            Optional.ofNullable(f),
            NOW));
  }

  private static String held(Buffer buffer, List<Buffer> all, Node... nodes) {
    return decide(buffer, all, List.of(nodes), List.of(), null).held().map(Held::reason).orElse("");
  }

  @Test
  void theOlderOneHasThePool() {
    Buffer old = buffer("a", "1", "games", "");
    Buffer young = buffer("b", "2", "games", "");
    List<Buffer> both = List.of(young, old);

    assertThat(held(old, both)).isEmpty();
    assertThat(held(young, both)).isEqualTo("PoolTaken");
  }

  @Test
  void oneThatMakesNoSenseOrOnlyLooksTakesNothing() {
    Buffer young = buffer("b", "2", "games", "");

    assertThat(held(young, List.of(young, buffer("a", "1", "games", "'free': {}")))).isEmpty();
    assertThat(held(young, List.of(young, buffer("a", "1", "games", "'mode': 'Observe'"))))
        .isEmpty();
    assertThat(held(young, List.of(young, buffer("a", "1", "games", "'mode': 'Paused'"))))
        .isEqualTo("PoolTaken");
  }

  @Test
  void aNodeBelongsToOne() {
    Buffer old = buffer("a", "1", "games", "");
    Buffer young =
        buffer(
            "b",
            "2",
            "games",
            "'pool': {'provider': 'fake', 'nodeSelector': 'role', 'maxNodes': 9,"
                + " 'settings': {'pool': 'other'}}");

    assertThat(held(young, List.of(old, young), node("n", "games", "", "")))
        .isEqualTo("NodesTaken");
    assertThat(held(young, List.of(old, young), node("n", "others", "", ""))).isEmpty();
  }

  @Test
  void whatIsHeldIsPlannedAndNotDone() {
    Buffer buffer = buffer("a", "1", "games", "");
    Decision frozen =
        decide(buffer, List.of(buffer), List.of(), List.of(), new Freeze(Freeze.Scope.SUITE, ""));

    assertThat(frozen.held()).isPresent();
    assertThat(frozen.steps()).isEmpty();
    assertThat(frozen.plan().growth()).isPresent();
    assertThat(Statuses.judged(frozen).message()).contains("it would be size 0 -> 1");
  }

  @Test
  void marksOnNodesThatAreNoneOfItsAnyMoreAreTakenBack() {
    Buffer buffer = buffer("a", "1", "games", "");
    Node going =
        node(
            "going",
            "others",
            "'ebb.dev/node-buffer': 'games/a', 'ebb.dev/deleting-since': '2026-03-01T11:00:00Z'",
            "'taints': [{'key': 'ebb.dev/draining', 'effect': 'NoSchedule'}]");

    Decision decision =
        decide(
            buffer,
            List.of(buffer),
            List.of(
                marked("mine", "games", "a"),
                marked("lost", "others", "a"),
                going,
                marked("theirs", "others", "b")),
            List.of(),
            null);

    assertThat(decision.strays()).extracting(n -> n.metadata().name()).containsExactly("lost");
  }

  @Test
  void aServerOfAnotherBufferKeepsANode() {
    Buffer buffer =
        buffer("a", "1", "games", "'scaleDown': {'otherPods': 'Drain', 'unneededFor': '0s'}");
    Buffer other = buffer("b", "2", "others", "");
    List<Node> nodes =
        List.of(node("n", "games", "", ""), node("o", "games", "", ""), marked("x", "games", "a"));

    Decision web = decide(buffer, List.of(buffer, other), nodes, List.of(pod("web", "x")), null);
    Decision server = decide(buffer, List.of(buffer, other), nodes, List.of(pod("b", "x")), null);

    assertThat(web.steps()).hasOnlyElementsOfTypes(Step.Delete.class).hasSize(1);
    assertThat(server.steps()).isEmpty();
  }

  @Test
  void aPauseThatIsOverEnds() {
    NodeBuffer object =
        JSON.readValue(
            """
            {"metadata": {"name": "a", "namespace": "games",
              "annotations": {"ebb.dev/paused-until": "%s"}}, "spec": {"mode": "Paused"}}
            """
                .formatted(NOW.minusSeconds(1)),
            NodeBuffer.class);
    Buffer paused = Buffer.of(object, null);

    assertThat(decide(paused, List.of(paused), List.of(), List.of(), null).resume()).isTrue();
  }

  @Test
  void moreServersAtAnotherTimeAreSimulated() {
    Buffer buffer = buffer("a", "1", "games", "");
    Observed observed =
        decide(buffer, List.of(buffer), List.of(node("n", "games", "", "")), List.of(), null)
            .observed();

    assertThat(Scenario.of(observed, 0, NOW).steps()).isEmpty();
    assertThat(Scenario.of(observed, 8, NOW.plus(Duration.ofHours(1))).growth())
        .contains(new Step.Grow(1, 3));
  }
}
