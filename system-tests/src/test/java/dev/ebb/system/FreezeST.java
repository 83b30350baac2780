package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frozen, Ebb wakes what sleeps and keeps its hands off; the gateway wakes on. */
@WithCluster
class FreezeST {

  private static final Duration SOON = Duration.ofSeconds(30);

  private Ebb ebb;

  @BeforeEach
  void install(Cluster cluster) {
    ebb = Ebb.in(cluster);
  }

  @AfterEach
  void unfreeze() {
    ebb.kubectl("delete", "configmap", "ebb-freeze", "--ignore-not-found");
  }

  @Test
  void theSwitchWakesWhatSleepsAndNothingSleepsUntilItIsGone(
      Cluster cluster, TestNamespace namespace) {
    Workload shop = Workload.create(cluster, namespace.name(), "shop", "4s", 2, 0).awaitAsleep();

    ebb.kubectl("create", "configmap", "ebb-freeze", "--from-literal=reason=big day");

    await().atMost(SOON).untilAsserted(() -> assertThat(shop.state()).isEqualTo("Awake"));
    assertThat(shop.replicas()).isEqualTo(2);
    shop.kubectl("wait", "--for=condition=Frozen", "sr/shop", "--timeout=10s");
    assertThat(shop.kubectl("get", "sr", "shop", "-o", "jsonpath={.status.message}"))
        .contains("big day", "delete ConfigMap ebb-freeze");
    assertThat(shop.events()).contains("WokenUp", "Frozen");
    assertThat(shop.selector()).as("traffic goes on as it did").contains("ebb.dev/behind-gateway");

    // A workload that comes meanwhile is looked at, and not taken over.
    Workload late = Workload.create(cluster, namespace.name(), "late", "4s", 1, 0).awaitAwake();
    late.kubectl("wait", "--for=condition=Frozen", "sr/late", "--timeout=30s");
    String versions = versions(shop);
    await()
        .during(Duration.ofSeconds(8))
        .atMost(SOON)
        .until(() -> shop.replicas() == 2 && versions(shop).equals(versions));
    assertThat(late.selector()).doesNotContain("ebb.dev");
    assertThat(late.kubectl("get", "sr", "late", "-o", "jsonpath={.metadata.finalizers}"))
        .isEmpty();

    ebb.kubectl("delete", "configmap", "ebb-freeze");

    shop.awaitAsleep();
    late.awaitHandedOver();
    assertThat(shop.events()).contains("Unfrozen");
  }

  @Test
  void theGatewayWakesUnderAFreezeAlsoWithTheAutoscalerAway(
      Cluster cluster, TestNamespace namespace) {
    Workload shop = Workload.create(cluster, namespace.name(), "shop", "4s", 1, 0).awaitAsleep();
    ebb.autoscalers(0);
    try {
      cluster.kubectl("annotate", "namespace", namespace.name(), "ebb.dev/freeze=true").orThrow();

      try (Callers caller = Callers.once(cluster, 1, Duration.ZERO, shop.url("/"))) {
        List<Callers.Call> calls = caller.awaitAll(Duration.ofSeconds(60));
        assertThat(calls).hasSize(1).allMatch(Callers.Call::good);
      }
      assertThat(shop.replicas()).isEqualTo(1);
    } finally {
      ebb.autoscalers(1);
    }
    shop.kubectl("wait", "--for=condition=Frozen", "sr/shop", "--timeout=30s");

    cluster.kubectl("annotate", "namespace", namespace.name(), "ebb.dev/freeze-").orThrow();
    shop.awaitAsleep();
  }

  /** Everything of Ebb's in the namespace that a write would change. */
  private static String versions(Workload workload) {
    return workload.kubectl(
        "get",
        "sr,services",
        "-o",
        "jsonpath={range .items[*]}{.kind}/{.metadata.name}={.metadata.resourceVersion} {end}");
  }
}
