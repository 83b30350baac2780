package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.cli.Suite;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is held is answered, whatever part of Ebb or of Kubernetes is away. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsST {

  private static final int HELD = 200;

  private Ebb ebb;

  @BeforeAll
  void install(Cluster cluster) {
    ebb = Ebb.in(cluster);
  }

  @Test
  void aKilledGatewayTakesNobodyWithItButItsOwnClientsWhoSucceedOnOneRetry(
      Cluster cluster, TestNamespace namespace) {
    Workload late = Workload.create(cluster, namespace.name(), "late", "4s", 1, 9_000);
    late.awaitAsleep();
    String victim = ebb.gateways().getFirst();
    assertThat(ebb.gateways()).hasSize(2);

    try (Callers callers = Callers.once(cluster, HELD, Duration.ofSeconds(3), late.url("/"))) {
      callers.awaitSent();
      await().atMost(Duration.ofSeconds(20)).until(() -> late.replicas() == 1);
      cluster.killPod(Suite.NAMESPACE, victim);
      List<Callers.Call> calls = callers.awaitAll(Duration.ofSeconds(120));

      List<Callers.Call> cut = calls.stream().filter(c -> c.attempt() == 1 && !c.good()).toList();
      List<Callers.Call> retried = calls.stream().filter(c -> c.attempt() == 2).toList();
      assertThat(cut.size()).as("both replicas held some").isBetween(1, HELD - 1);
      assertThat(cut).as("a reset, not a wrong answer").allMatch(c -> c.status() == 0);
      assertThat(retried).hasSameSizeAs(cut).allMatch(Callers.Call::good);
      assertThat(calls.stream().filter(Callers.Call::good)).hasSize(HELD);
    }
    ebb.kubectl("rollout", "status", "deployment/ebb-dlx-gateway", "--timeout=60s");
  }

  @Test
  void aWakeOutlivesTheApiServersAbsence(Cluster cluster, TestNamespace namespace) {
    Workload cut = Workload.create(cluster, namespace.name(), "cut", "4s", 1, 0).awaitAsleep();
    String url = cut.url("/");
    cluster.stopApiServer();
    long returned;
    try (Callers callers = Callers.once(cluster, HELD, Duration.ZERO, url)) {
      try {
        callers.awaitSent();
        // What is under test is the length of the outage.
        await().pollDelay(Duration.ofSeconds(30)).atMost(Duration.ofSeconds(40)).until(() -> true);
        assertThat(callers.soFar()).as("held, not refused").isEmpty();
      } finally {
        cluster.startApiServer();
        returned = System.currentTimeMillis();
      }
      List<Callers.Call> calls = callers.awaitAll(Duration.ofSeconds(60));

      assertThat(calls).hasSize(HELD).allMatch(Callers.Call::good);
      long last = calls.stream().mapToLong(c -> c.end() - returned).max().orElseThrow();
      System.err.println("last of " + HELD + " answers " + last + " ms after the API's return");
      assertThat(last)
          .as("milliseconds from the API server's return to the last answer")
          .isLessThan(10_000);
    }
  }

  @Test
  void wakingNeedsNoAutoscaler(Cluster cluster, TestNamespace namespace) {
    Workload alone = Workload.create(cluster, namespace.name(), "alone", "4s", 1, 0).awaitAsleep();
    ebb.autoscalers(0);
    try (Callers callers = Callers.once(cluster, HELD, Duration.ZERO, alone.url("/"))) {
      assertThat(callers.awaitAll(Duration.ofSeconds(60)))
          .hasSize(HELD)
          .allMatch(Callers.Call::good);
    } finally {
      ebb.autoscalers(1);
    }
    alone.awaitAsleep();
  }

  @Test
  void gatewaysAreRolledWhileSleepersAreCalledAndNobodyIsRefused(
      Cluster cluster, TestNamespace namespace) {
    List<Workload> sleepers =
        IntStream.range(0, 20)
            .mapToObj(i -> Workload.create(cluster, namespace.name(), "sleeper-" + i, "4s", 1, 0))
            .toList();
    sleepers.forEach(Workload::awaitAsleep);
    List<String> urls = sleepers.stream().map(s -> s.url("/")).toList();
    List<String> before = ebb.gateways();

    try (Callers callers = Callers.loop(cluster, Duration.ofMillis(250), urls)) {
      ebb.kubectl("rollout", "restart", "deployment/ebb-dlx-gateway");
      ebb.kubectl("rollout", "status", "deployment/ebb-dlx-gateway", "--timeout=180s");
      await()
          .atMost(Duration.ofSeconds(120))
          .until(() -> ebb.gateways().stream().noneMatch(before::contains));
      List<Callers.Call> calls = callers.end();

      assertThat(calls).hasSizeGreaterThan(urls.size());
      assertThat(calls.stream().filter(c -> !c.good())).isEmpty();
      assertThat(calls.stream().map(Callers.Call::caller).distinct()).hasSize(urls.size());
    }
  }
}
