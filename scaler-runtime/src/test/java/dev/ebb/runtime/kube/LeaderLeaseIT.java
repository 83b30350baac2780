package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.TestClients;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@WithCluster(pods = false)
class LeaderLeaseIT {

  @Test
  void oneLeadsAndARelaseHandsOverAtOnce(Cluster cluster, TestNamespace namespace) {
    KubeClient client = TestClients.of(cluster, "ebb-test");
    ResourceKey key = new ResourceKey(namespace.name(), "ebb-test");
    AtomicInteger lost = new AtomicInteger();
    LeaderLease first = new LeaderLease(client, key, "first", Clock.systemUTC());
    LeaderLease second = new LeaderLease(client, key, "second", Clock.systemUTC());
    first.start(() -> {}, lost::incrementAndGet);
    await().until(first::mayWrite);
    second.start(() -> {}, lost::incrementAndGet);
    await().during(Duration.ofSeconds(3)).until(() -> first.mayWrite() && !second.mayWrite());

    first.close();

    await().atMost(Duration.ofSeconds(5)).until(second::mayWrite);
    assertThat(first.mayWrite()).isFalse();
    assertThat(lost).hasValue(0);
    second.close();
  }
}
