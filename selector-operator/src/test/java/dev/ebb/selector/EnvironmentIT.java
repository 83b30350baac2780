package dev.ebb.selector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.Strategy;
import dev.ebb.selector.plan.Pool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** 3S's users: one pool by variables, the old mapping, and the way from it to the new one. */
@WithCluster(pods = false)
class EnvironmentIT {

  private static final String POOL = "sss-environment";

  private static Pool pool(String namespace, Strategy strategy) {
    return Pool.ofEnvironment(
        new ResourceKey(namespace, POOL), "app=buildkit", "svc-", "", strategy);
  }

  @Test
  void theOldMappingAndTheFewestMovesFromItToTheNewOne(Cluster cluster, TestNamespace own) {
    Harness.define(cluster);
    try (Harness old = new Harness(cluster, own.name(), pool(own.name(), Strategy.Modulo))) {
      old.set("buildkit", 4);
      old.pods("buildkit", 4);
      // As 3S leaves them: with its one key and no other.
      for (int i : List.of(0, 1, 10, 2, 9)) {
        old.service("svc-" + i, "", "'selector': {'%s': 'buildkit-0'}".formatted(Marks.POD_NAME));
      }
      old.settle(POOL);

      // T-A1
      assertThat(old.map("svc-"))
          .isEqualTo(
              Map.of(
                  "svc-0", "buildkit-0",
                  "svc-1", "buildkit-1",
                  "svc-10", "buildkit-2",
                  "svc-2", "buildkit-3",
                  "svc-9", "buildkit-0"));
      // T-A2
      old.ready("buildkit-1", false);
      old.settle(POOL);
      assertThat(old.map("svc-"))
          .containsEntry("svc-1", "buildkit-2")
          .containsEntry("svc-10", "buildkit-3")
          .containsEntry("svc-2", "buildkit-0")
          .containsEntry("svc-9", "buildkit-2");
      old.ready("buildkit-1", true);
      old.settle(POOL);
    }
    try (Harness next = new Harness(cluster, own.name(), pool(own.name(), Strategy.Sticky))) {
      Map<String, String> before = next.map("svc-");
      next.settle(POOL);
      // 2, 1, 1, 1 is balanced: whoever comes from 3S loses no cache, and nothing is written.
      assertThat(next.map("svc-")).isEqualTo(before);
      assertThat(next.writes()).isEmpty();
    }
  }
}
