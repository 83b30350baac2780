package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whoever leaves Ebb has running workloads and the Services that there were before. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeavingST {

  private Ebb ebb;

  @BeforeEach
  void install(Cluster cluster) {
    ebb = Ebb.in(cluster);
  }

  @Test
  void deletingTheResourceWakesTheWorkloadAndLeavesTheServiceAsItWas(
      Cluster cluster, TestNamespace namespace) {
    Workload gone = Workload.create(cluster, namespace.name(), "gone", "4s", 2, 0).awaitAsleep();

    gone.kubectl("delete", "sr", "gone", "--timeout=90s");

    assertUntouched(cluster, gone, 2);
  }

  @Test
  void uninstallingWhileAsleepWakesTheWorkloadAndLeavesTheServiceAsItWas(
      Cluster cluster, TestNamespace namespace) {
    Workload left = Workload.create(cluster, namespace.name(), "left", "4s", 1, 0).awaitAsleep();

    ebb.uninstall();

    assertUntouched(cluster, left, 1);
    assertThat(left.kubectl("get", "sr", "left", "-o", "jsonpath={.metadata.finalizers}"))
        .isEmpty();

    // A new installation takes up what the old one left. Whoever called the pods meanwhile may
    // still be connected to them, so only new ones go to sleep soon.
    Ebb.in(cluster);
    left.awaitHandedOver();
    left.kubectl("rollout", "restart", "deployment/left");
    left.awaitAsleep();
    try (Callers caller = Callers.once(cluster, 1, Duration.ZERO, left.url("/"))) {
      assertThat(caller.awaitAll(Duration.ofSeconds(60))).allMatch(Callers.Call::good);
    }
  }

  private static void assertUntouched(Cluster cluster, Workload workload, int replicas) {
    assertThat(workload.replicas()).isEqualTo(replicas);
    assertThat(workload.selector()).doesNotContain("ebb.dev");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThat(workload.sliceWriters()).containsExactly("endpointslice-controller.k8s.io"));
    try (Callers callers = Callers.once(cluster, 20, Duration.ZERO, workload.url("/"))) {
      List<Callers.Call> calls = callers.awaitAll(Duration.ofSeconds(30));
      assertThat(calls).hasSize(20).allMatch(Callers.Call::good);
    }
  }
}
