package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.junit.WithCluster;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A control plane that somebody else in the JVM wants pods from, later. */
@WithCluster
class GrowingClusterST {

  @Test
  void aControlPlaneGetsItsNodeSideWhenPodsAreWanted() throws IOException {
    GoBackend backend = new GoBackend(Environment.system());
    Options options = Options.owned().withPods(false).withAudit(true);
    GoCluster cluster = (GoCluster) backend.start(options);
    try {
      assertThat(cluster.runsPods()).isFalse();
      assertThat(cluster.kubectl("get", "nodes", "-o", "name").orThrow().out()).isEmpty();

      backend.addPods(cluster, options.progress());

      assertThat(cluster.runsPods()).isTrue();
      assertThat(cluster.kubectl("get", "nodes", "-o", "name").orThrow().out())
          .isEqualToIgnoringNewLines("node/ebb-node");
      assertThat(Files.readString(cluster.auditLog().orElseThrow()))
          .contains("\"verb\":\"create\"", "\"requestReceivedTimestamp\":")
          .doesNotContain("\"verb\":\"get\"", "requestObject");
    } finally {
      cluster.stop();
    }
    assertThat(cluster.instance().dir()).doesNotExist();
  }
}
