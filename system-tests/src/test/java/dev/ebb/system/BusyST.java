package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who is called never goes to sleep. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BusyST {

  private static final Duration WINDOW = Duration.ofSeconds(4);

  @BeforeAll
  void install(Cluster cluster) {
    Ebb.in(cluster);
  }

  @Test
  void aBusyWorkloadNeverReachesZero(Cluster cluster, TestNamespace namespace) {
    Workload many = create(cluster, namespace, "many");
    Workload one = create(cluster, namespace, "one");
    Workload slow = create(cluster, namespace, "slow");
    List<String> podsBefore = List.of(many.pods().toString(), one.pods().toString());
    try (Callers byService = Callers.loop(cluster, Duration.ofMillis(50), List.of(many.url("/")));
        Callers onOneConnection =
            Callers.onOneConnection(cluster, Duration.ofMillis(50), one.url("/"));
        // One request that takes longer than three windows, without a byte of an answer meanwhile.
        Callers onOneRequest =
            Callers.once(cluster, 1, Duration.ZERO, slow.url("/slow?ms=22000"))) {
      byService.awaitCalls(1);
      onOneConnection.awaitCalls(1);
      List.of(many, one, slow).forEach(BusyST::shorten);
      long begin = System.nanoTime();
      long threeWindows = WINDOW.multipliedBy(3).plusSeconds(3).toNanos();

      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> {
            assertThat(List.of(many.replicas(), one.replicas(), slow.replicas()))
                .containsExactly(1, 1, 1);
            return System.nanoTime() - begin > threeWindows;
          });

      assertThat(List.of(many.pods().toString(), one.pods().toString())).isEqualTo(podsBefore);
      assertThat(byService.end()).isNotEmpty().allMatch(Callers.Call::good);
      assertThat(onOneConnection.end()).hasSizeGreaterThan(50).allMatch(Callers.Call::good);
      assertThat(onOneRequest.awaitAll(Duration.ofSeconds(30))).allMatch(Callers.Call::good);
    }
    for (Workload workload : List.of(many, one, slow)) {
      workload.awaitAsleep();
    }
  }

  /** With a window that is long enough for all hand-overs. */
  private static Workload create(Cluster cluster, TestNamespace namespace, String name) {
    return Workload.create(cluster, namespace.name(), name, "1h", 1, 0)
        .awaitAwake()
        .awaitHandedOver()
        .awaitReachable();
  }

  private static void shorten(Workload workload) {
    String patch = "{\"spec\":{\"idleAfter\":\"" + WINDOW.toSeconds() + "s\"}}";
    workload.kubectl("patch", "sr", workload.name(), "--type=merge", "-p", patch);
  }
}
