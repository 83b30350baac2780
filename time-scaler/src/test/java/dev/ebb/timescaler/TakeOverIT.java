package dev.ebb.timescaler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.plan.Scalers;
import dev.ebb.timescaler.plan.Statuses;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** service-scaler's users move without edits, and may share a cluster by labels. */
@WithCluster(pods = false)
class TakeOverIT {

  private static final String SPEC =
      "{'hpa': {'minReplicas': 4, 'maxReplicas': 8, 'targetCPUUtilization': 50},"
          + " 'timeRangeSpec': [{'kind': 'ZonedTime', 'from': '00:00+05:30', 'to': '00:00+05:30',"
          + " 'replicaSpec': {'hpa': {'minReplicas': 3}}}]}";

  @Test
  void theDefinitionReplacesServiceScalersWithObjectsInIt(Cluster cluster, TestNamespace own) {
    cluster
        .kubectl("delete", "crd", "servicescalers.scaler.udaan.io", "--ignore-not-found")
        .orThrow();
    Harness.define(cluster, Path.of("src/test/resources/service-scaler.yaml"));
    try (Harness before = new Harness(cluster, own.name(), "")) {
      before.scaler("old", "'finalizers': ['%s']".formatted(ServiceScaler.OLD_FINALIZER), SPEC);
      before.scaler("odd", "", SPEC.replace("'ZonedTime'", "'Cron'"));
      before.foreignHpa(
          "old",
          "'service-scaler.kubernetes.io/managed': 'true',"
              + " 'service-scaler.kubernetes.io/note': 'DO-NOT-EDIT'",
          4,
          8,
          "'metrics': []");
      oldStatus(before);
    }

    Harness.define(cluster, Harness.CRD);

    try (Harness harness = new Harness(cluster, own.name(), "")) {
      harness.at("2026-03-10T12:00:00Z");
      harness.settle("old");
      harness.settle("odd");
      assertThat(harness.bounds("old")).isEqualTo("3/8 cpu50");
      assertThat(harness.hpaJson("old").path("spec").path("scaleTargetRef").path("apiVersion"))
          .hasToString("\"apps/v1\"");
      ServiceScaler.Status status = harness.status("old");
      assertThat(status.lastUpdatedTime()).isEqualTo("2026-03-10T12:00:00Z");
      assertThat(status.lastKnownConfig()).isEqualTo(Scalers.hpa(3, 8, 50, null));
      assertThat(harness.find("old").orElseThrow().metadata().finalizers()).isEmpty();
      assertThat(harness.bounds("odd")).isEqualTo("4/8 cpu50");
      assertThat(harness.status("odd").condition(Statuses.VALID).orElseThrow().isTrue()).isFalse();

      // The HPA stays when its ServiceScaler goes, with the default.
      harness.delete("old");
      harness.settle("old");
      assertThat(harness.bounds("old")).isEqualTo("4/8 cpu50");
    }
  }

  /** What service-scaler left, in its own format of time. */
  private static void oldStatus(Harness harness) {
    harness.direct.patch(
        ServiceScaler.TYPE,
        new ResourceKey(harness.namespace, "old"),
        "status",
        KubeClient.PatchType.MERGE,
        harness.json(
            "{'status': {'timeRangeMatch': true, 'lastUpdatedTime': '2024-01-19T11:40Z+0530',"
                + " 'lastKnownConfig': {'minReplicas': 3}}}"));
  }

  @Test
  void onlyWhatTheSelectorSelectsIsLookedAt(Cluster cluster, TestNamespace own) {
    Harness.define(cluster, Harness.CRD);
    try (Harness harness = new Harness(cluster, own.name(), "team in (x, y),tier!=gold")) {
      harness.scaler("mine", "'labels': {'team': 'x'}", SPEC);
      harness.scaler("gold", "'labels': {'team': 'x', 'tier': 'gold'}", SPEC);
      harness.foreignHpa("mine", "", 1, 2, "");
      harness.settleSelected("mine");
      harness.once("gold");

      assertThat(harness.bounds("mine")).isEqualTo("3/8 cpu50");
      assertThat(harness.hpa("gold")).isEmpty();

      // No longer selected is not deleted: whoever selects it now has its HPA.
      harness.patch(ServiceScaler.TYPE, "mine", "{'metadata': {'labels': {'team': 'z'}}}");
      harness.awaitGone("mine");
      harness.once("mine");
      assertThat(harness.bounds("mine")).isEqualTo("3/8 cpu50");
      assertThat(harness.hpa("mine").orElseThrow().metadata().annotations()).containsKey(Hpa.SAVED);
    }
  }
}
