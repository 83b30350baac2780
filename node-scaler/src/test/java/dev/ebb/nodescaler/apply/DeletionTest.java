package dev.ebb.nodescaler.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.apply.Deletion.Result;
import dev.ebb.nodescaler.plan.Belonging;
import dev.ebb.nodescaler.plan.Rules;
import dev.ebb.nodescaler.plan.Step;
import dev.ebb.nodescaler.plan.Views;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.scaler.nodes.NodePool;
import dev.ebb.scaler.nodes.NodePool.Machine;
import dev.ebb.scaler.nodes.NodePool.State;
import dev.ebb.scaler.nodes.NodeProvider;
import dev.ebb.scaler.nodes.NodeProviderException;
import dev.ebb.scaler.nodes.NodeProviderException.Kind;
import dev.ebb.scaler.nodes.PoolReference;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.store.MemoryApi;
import dev.ebb.testkit.store.RawApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The last look at a node, over an API server in memory. */
class DeletionTest {

  private static final Belonging BELONGING =
      new Belonging(
          "games/arena",
          labels -> true,
          labels -> "server".equals(labels.get("app")),
          null,
          labels -> false,
          List.of(),
          true);
  private static final PoolReference POOL = new PoolReference("fake", Map.of());

  private final SteppedClock clock = new SteppedClock();
  private final MemoryApi api = new MemoryApi(clock);
  private final RawApi raw = new RawApi(api.apiClient());
  private final KubeClient client = api.client("ebb-node-scaler");
  private final NodeWriter nodes = new NodeWriter(new ObjectWriter(client, List.of()));
  private final Deletion deletion = new Deletion(client, nodes);
  private final Cloud cloud = new Cloud();

  /** A cloud with three machines that does what it is told. */
  private final class Cloud implements NodeProvider {
    final List<String> deleted = new ArrayList<>();
    int size = 3;
    @Nullable Runnable meanwhile;
    @Nullable NodeProviderException failure;

    @Override
    public String type() {
      return "fake";
    }

    @Override
    public NodePool read(PoolReference pool) {
      if (meanwhile != null) {
        meanwhile.run();
      }
      return new NodePool(
          size,
          false,
          List.of(
              new Machine("id-a", "a", State.RUNNING, ""),
              new Machine("id-b", "b", State.RUNNING, "")));
    }

    @Override
    public int grow(PoolReference pool, int wanted) {
      throw new AssertionError("nothing grows here");
    }

    @Override
    public void delete(PoolReference pool, Machine machine, boolean drain) {
      assertThat(raw.get("/api/v1/nodes/" + machine.nodeName()).text("/metadata/annotations"))
          .as("it is said before it is asked for")
          .isNotNull();
      assertThat(node(machine.nodeName()).time(Node.DELETING)).isEqualTo(clock.instant());
      if (failure != null) {
        throw failure;
      }
      deleted.add(machine.id() + (drain ? " drained" : ""));
    }
  }

  private Node node(String name) {
    return client
        .list(Node.TYPE, null, Map.of("fieldSelector", "metadata.name=" + name))
        .items()
        .getFirst();
  }

  private void create(String name, String more) {
    assertThat(
            raw.post(
                    "/api/v1/nodes",
                    "{apiVersion: v1, kind: Node, metadata: {name: %s}, spec: {%s}}"
                        .formatted(name, more))
                .code())
        .isEqualTo(201);
  }

  private void pod(String name, String labels, String node) {
    assertThat(
            raw.post(
                    "/api/v1/namespaces/default/pods",
                    "{apiVersion: v1, kind: Pod, metadata: {name: %s, labels: {%s}}, spec: {nodeName: %s, containers: [{name: c, image: i}]}}"
                        .formatted(name, labels, node))
                .code())
        .isEqualTo(201);
  }

  private static Rules rules(int min, boolean othersDrained) {
    return new Rules(
        Resources.of(Resources.CPU, 1000),
        1,
        0,
        List.of(),
        min,
        9,
        null,
        Rules.Timing.DEFAULT,
        new Rules.Shrinking(
            true, Duration.ZERO, Duration.ZERO, 0, Duration.ofSeconds(5), 9, 100, othersDrained));
  }

  private Step.Delete marked(String name) {
    nodes.mark(node(name), "games/arena", clock.instant());
    Step.Delete step = step(name);
    clock.advance(Duration.ofSeconds(5));
    return step;
  }

  private Step.Delete step(String name) {
    return new Step.Delete(Views.of(BELONGING, node(name), List.of(), clock.instant()), false);
  }

  private Result run(Step.Delete step, Rules rules) {
    return deletion.run(step, BELONGING, rules, cloud, POOL, clock.instant());
  }

  @Test
  void deletesAnEmptyNodeByItsId() {
    create("a", "taints: [{key: theirs, value: x, effect: NoSchedule}]");
    Step.Delete step =
        new Step.Delete(Views.of(BELONGING, node("a"), List.of(), clock.instant()), false);
    assertThat(run(step, rules(0, false))).isInstanceOf(Result.Changed.class);
    create("b", "");

    assertThat(run(marked("b"), rules(0, false))).isEqualTo(new Result.Asked());

    assertThat(cloud.deleted).containsExactly("id-b");
  }

  @Test
  void aServerThatCameMeanwhileStaysAndTheNodeIsUsedAgain() {
    create("a", "taints: [{key: theirs, value: x, effect: PreferNoSchedule}]");
    Step.Delete step = marked("a");
    cloud.meanwhile = () -> pod("late", "app: server", "a");

    assertThat(run(step, rules(0, true))).isEqualTo(new Result.Occupied("default/late"));

    assertThat(cloud.deleted).isEmpty();
    assertThat(node("a").draining()).isFalse();
    assertThat(node("a").time(Node.DELETING)).isNull();
    assertThat(node("a").spec().taints()).extracting(Node.Taint::key).containsExactly("theirs");
  }

  @Test
  void aServerThatTerminatesIsStillThere() {
    create("a", "");
    Step.Delete step = marked("a");
    raw.post(
        "/api/v1/namespaces/default/pods",
        "{apiVersion: v1, kind: Pod, metadata: {name: s, labels: {app: server}, finalizers: [x/y]},"
            + " spec: {nodeName: a, containers: [{name: c, image: i}]}}");
    raw.delete("/api/v1/namespaces/default/pods/s", "{}");

    assertThat(run(step, rules(0, true))).isEqualTo(new Result.Occupied("default/s"));
    assertThat(cloud.deleted).isEmpty();
  }

  @Test
  void otherPodsKeepANodeUnlessTheyAreToBeDrained() {
    create("a", "");
    create("b", "");
    pod("web", "app: web", "a");
    pod("web-2", "app: web", "b");

    assertThat(run(marked("a"), rules(0, false))).isEqualTo(new Result.Occupied("default/web"));
    assertThat(run(marked("b"), rules(0, true))).isEqualTo(new Result.Asked());

    assertThat(cloud.deleted).containsExactly("id-b drained");
  }

  @Test
  void aTaintMustHaveStoodForItsTime() {
    create("a", "");
    nodes.mark(node("a"), "games/arena", clock.instant());
    clock.advance(Duration.ofSeconds(4));

    assertThat(run(step("a"), rules(0, false))).isInstanceOf(Result.Changed.class);
    assertThat(cloud.deleted).isEmpty();
  }

  @Test
  void anAdminsCordonIsLeftAlone() {
    create("a", "");
    Step.Delete step = marked("a");
    raw.merge("/api/v1/nodes/a", "{spec: {unschedulable: true}}");

    assertThat(run(step, rules(0, false))).isEqualTo(new Result.Changed("it is cordoned"));
    assertThat(node("a").spec().unschedulable()).isTrue();
  }

  @Test
  void aNodeThatIsAnotherOneByNowStays() {
    create("a", "");
    Step.Delete step = marked("a");
    raw.delete("/api/v1/nodes/a", "{}");
    create("a", "");
    nodes.mark(node("a"), "games/arena", clock.instant());
    clock.advance(Duration.ofSeconds(5));

    assertThat(run(step, rules(0, false))).isInstanceOf(Result.Changed.class);
    assertThat(cloud.deleted).isEmpty();
  }

  @Test
  void theCloudsOwnSizeIsNotBroughtBelowTheMinimum() {
    create("a", "");
    Step.Delete step = marked("a");
    // Somebody deleted one meanwhile.
    cloud.size = 2;

    assertThat(run(step, rules(2, false))).isInstanceOf(Result.Changed.class);
    assertThat(cloud.deleted).isEmpty();
  }

  @Test
  void aMachineThatThePoolDoesNotHaveIsNotAskedFor() {
    create("stranger", "");

    assertThat(run(marked("stranger"), rules(0, false))).isInstanceOf(Result.Changed.class);
    assertThat(cloud.deleted).isEmpty();
  }

  @Test
  void whoIsQuickerWins() {
    create("a", "");
    Step.Delete step = marked("a");
    cloud.meanwhile = () -> raw.merge("/api/v1/nodes/a", "{metadata: {labels: {x: y}}}");

    assertThatThrownBy(() -> run(step, rules(0, false)))
        .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.conflict()).isTrue());
    assertThat(cloud.deleted).isEmpty();
  }

  @Test
  void aCloudThatFailsLeavesWhatWasBegun() {
    create("a", "");
    Step.Delete step = marked("a");
    cloud.failure = new NodeProviderException(Kind.UNAVAILABLE, "500");

    assertThatThrownBy(() -> run(step, rules(0, false))).isInstanceOf(NodeProviderException.class);
    assertThat(node("a").draining()).isTrue();
    assertThat(node("a").time(Node.DELETING)).isNotNull();

    cloud.failure = null;
    assertThat(run(step, rules(0, false))).isEqualTo(new Result.Asked());
  }

  @Test
  void aMarkIsNotMadeAnew() {
    create("a", "");
    nodes.mark(node("a"), "games/arena", clock.instant());
    Node first = node("a");
    clock.advance(Duration.ofMinutes(1));

    nodes.mark(first, "games/arena", clock.instant());

    assertThat(node("a")).isEqualTo(first);
  }

  @Test
  void takingAMarkBackLiftsNoCordonButKubescalers() {
    create("a", "unschedulable: true");
    create("b", "unschedulable: true");
    raw.merge(
        "/api/v1/nodes/b",
        "{metadata: {annotations: {kubescaler/timestamp: \"2026-01-01T00:00:00Z\"}}}");

    nodes.unmark(node("a"));
    nodes.unmark(node("b"));

    assertThat(node("a").spec().unschedulable()).isTrue();
    assertThat(node("b").spec().unschedulable()).isFalse();
    assertThat(node("b").time(Node.KUBESCALER)).isNull();
  }
}
