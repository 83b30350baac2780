package dev.ebb.nodescaler.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ebb.nodescaler.provider.FakeDigitalOcean.FakePool;
import dev.ebb.scaler.nodes.NodePool;
import dev.ebb.scaler.nodes.NodePool.Machine;
import dev.ebb.scaler.nodes.NodePool.State;
import dev.ebb.scaler.nodes.NodeProviderException;
import dev.ebb.scaler.nodes.NodeProviderException.Kind;
import dev.ebb.scaler.nodes.PoolReference;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What DigitalOcean is asked, and what becomes of its answers. */
class DigitalOceanProviderTest {

  private static final PoolReference POOL =
      new PoolReference("digitalocean", Map.of("cluster", "cluster-0", "pool", "games"));
  private static final String PATH = "/v2/kubernetes/clusters/cluster-0-id/node_pools/id-games";

  private FakeDigitalOcean cloud;
  private DigitalOceanProvider provider;

  @BeforeEach
  void start() throws IOException {
    cloud = new FakeDigitalOcean(1);
    provider = to(cloud);
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private static DigitalOceanProvider to(FakeDigitalOcean cloud) {
    return new DigitalOceanProvider(cloud.address(), () -> "secret", Duration.ofMillis(1));
  }

  private static NodeProviderException failure(ThrowingCallable what) {
    return catchThrowableOfType(NodeProviderException.class, what);
  }

  private Machine machine(String name) {
    return new Machine("id-of-" + name, name, State.RUNNING, "");
  }

  @Test
  void readsAPoolAndRemembersWhereItIs() {
    cloud.pool("other", 1);
    FakePool games = cloud.pool("games", 3);
    games.nodes.put("games-1", "draining");
    games.nodes.put("games-2", "provisioning");

    NodePool pool = provider.read(POOL);
    provider.read(POOL);

    assertThat(pool.size()).isEqualTo(3);
    assertThat(pool.steered()).isFalse();
    assertThat(pool.machines())
        .containsExactly(
            machine("games-0"),
            new Machine("id-of-games-1", "games-1", State.DELETING, ""),
            new Machine("id-of-games-2", "", State.PROVISIONING, ""));
    assertThat(cloud.calls)
        .containsExactly(
            "GET /v2/kubernetes/clusters?page=1&per_page=200",
            "GET /v2/kubernetes/clusters/cluster-0-id/node_pools?page=1&per_page=200",
            "GET " + PATH,
            "GET " + PATH);
  }

  @Test
  void findsAClusterOnTheLastPage() throws IOException {
    try (FakeDigitalOcean many = new FakeDigitalOcean(450)) {
      many.pool("games", 2);

      NodePool pool =
          to(many)
              .read(
                  new PoolReference(
                      "digitalocean", Map.of("cluster", "cluster-449", "pool", "games")));

      assertThat(pool.size()).isEqualTo(2);
      assertThat(many.calls).filteredOn(c -> c.contains("clusters?")).hasSize(3);
    }
  }

  @Test
  void growsByNameAndCountAndKeepsLabels() {
    FakePool games = cloud.pool("games", 2);

    assertThat(provider.grow(POOL, 4)).isEqualTo(4);

    assertThat(games.count).isEqualTo(4);
    assertThat(cloud.calls).last().isEqualTo("PUT " + PATH);
    assertThat(cloud.bodies.getFirst().toString())
        .isEqualTo("{\"name\":\"games\",\"count\":4,\"labels\":{\"role\":\"scalable\"}}");
    assertThat(provider.read(POOL).machines())
        .extracting(Machine::state)
        .containsExactly(State.RUNNING, State.RUNNING, State.PROVISIONING, State.PROVISIONING);
  }

  @Test
  void neverSendsASizeThatIsNotGreater() {
    FakePool games = cloud.pool("games", 5);

    assertThat(provider.grow(POOL, 4)).isEqualTo(5);
    assertThat(provider.grow(POOL, 5)).isEqualTo(5);

    assertThat(cloud.calls).noneMatch(call -> call.startsWith("PUT"));
    assertThat(games.nodes).hasSize(5);
  }

  @Test
  void leavesAPoolAloneThatScalesByItself() {
    cloud.pool("games", 2).autoScale = true;

    assertThat(provider.read(POOL).steered()).isTrue();
    assertThat(failure(() -> provider.grow(POOL, 3)))
        .hasMessageContaining("switch its auto-scaling off");
    assertThat(cloud.calls).noneMatch(call -> call.startsWith("PUT"));
  }

  /** DO1: kubescaler deleted the first only. */
  @Test
  void deletesEachOfSeveral() {
    FakePool games = cloud.pool("games", 3);

    provider.delete(POOL, machine("games-0"), false);
    provider.delete(POOL, machine("games-1"), false);

    assertThat(games.nodes).containsOnlyKeys("games-2");
    assertThat(games.count).isEqualTo(1);
    assertThat(cloud.calls)
        .contains(
            "DELETE " + PATH + "/nodes/id-of-games-0?skip_drain=1",
            "DELETE " + PATH + "/nodes/id-of-games-1?skip_drain=1");
  }

  /** DO2: one that is gone does not keep the next from going. */
  @Test
  void whatIsGoneIsNoError() {
    FakePool games = cloud.pool("games", 2);

    provider.delete(POOL, machine("zzz"), false);
    provider.delete(POOL, machine("games-1"), false);

    assertThat(games.nodes).containsOnlyKeys("games-0");
  }

  @Test
  void letsTheCloudDrainWhatIsNotEmpty() {
    FakePool games = cloud.pool("games", 2);

    provider.delete(POOL, machine("games-1"), true);

    assertThat(games.nodes).containsEntry("games-1", "draining");
    assertThat(games.count).isEqualTo(1);
  }

  /** DO3: kubescaler crashed. */
  @Test
  void aReadThatGoesOnFailingIsAnError() {
    cloud.pool("games", 2);
    provider.read(POOL);
    cloud.fail(4, 500, "");

    assertThat(failure(() -> provider.read(POOL)).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(provider.read(POOL).size()).isEqualTo(2);
  }

  @Test
  void aReadThatFailsForAMomentIsTriedAgain() {
    cloud.pool("games", 2);
    cloud.fail(2, 503, "");

    assertThat(provider.read(POOL).size()).isEqualTo(2);
  }

  @Test
  void aWriteIsNotTriedAgain() {
    FakePool games = cloud.pool("games", 2);
    provider.read(POOL);
    cloud.calls.clear();
    // The read before it works.
    provider.read(POOL);
    cloud.fail(1, 500, "");
    cloud.fail(1, 500, "");
    cloud.fail(1, 500, "");
    cloud.fail(1, 500, "");

    assertThat(failure(() -> provider.delete(POOL, machine("games-0"), false)).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(cloud.calls).filteredOn(call -> call.startsWith("DELETE")).hasSize(1);
    assertThat(games.nodes).hasSize(2);
  }

  @Test
  void aWriteWhoseAnswerIsLostIsSeenByTheNextRead() {
    FakePool games = cloud.pool("games", 2);
    provider.read(POOL);
    cloud.failAfterwards(502);

    assertThat(failure(() -> provider.delete(POOL, machine("games-0"), false)).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    provider.delete(POOL, machine("games-0"), false);

    assertThat(games.count).isEqualTo(1);
    assertThat(provider.read(POOL).size()).isEqualTo(1);
  }

  @Test
  void saysHowLongALimitedAccountHasToWait() {
    cloud.pool("games", 2);
    cloud.fail(1, 429, "42");

    NodeProviderException limited = failure(() -> provider.read(POOL));

    assertThat(limited.kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(42));
    assertThat(cloud.calls).hasSize(1);
  }

  @Test
  void saysWhatIsMissing() {
    cloud.pool("games", 2);

    assertThat(failure(() -> provider.read(new PoolReference("digitalocean", Map.of()))))
        .hasMessage("digitalocean provider: cluster is required");
    assertThat(
            failure(() ->
                provider.read(
                    new PoolReference("digitalocean", Map.of("cluster", "none", "pool", "games")))))
        .hasMessage("digitalocean provider: cluster not found: none");
    assertThat(
            failure(() ->
                provider.read(
                    new PoolReference(
                        "digitalocean", Map.of("cluster", "cluster-0", "pool", "none")))))
        .hasMessage("digitalocean provider: node pool not found: none");
  }

  @Test
  void aWrongTokenIsForbidden() {
    cloud.pool("games", 2);
    DigitalOceanProvider wrong =
        new DigitalOceanProvider(cloud.address(), () -> "other", Duration.ofMillis(1));

    NodeProviderException refused = failure(() -> wrong.read(POOL));

    assertThat(refused.kind()).isEqualTo(Kind.FORBIDDEN);
    assertThat(refused.getMessage()).doesNotContain("other");
  }

  @Test
  void aCloudThatIsNotThereIsUnavailable() {
    cloud.close();

    assertThat(failure(() -> provider.read(POOL)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }
}
