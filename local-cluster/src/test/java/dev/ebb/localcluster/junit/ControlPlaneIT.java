package dev.ebb.localcluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Result;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@WithCluster(pods = false)
class ControlPlaneIT {

  @Test
  void givesAClassANamespaceOfItsOwn(Cluster cluster, TestNamespace namespace) {
    assertThat(namespace.name()).matches("control-plane-it-[0-9a-z]{1,3}");
    assertThat(cluster.kubectl("get", "namespace", namespace.name()).ok()).isTrue();
    Result account =
        cluster.kubectl(
            "wait",
            "--for=create",
            "serviceaccount/default",
            "-n",
            namespace.name(),
            "--timeout=20s");
    assertThat(account.ok()).as(account.err()).isTrue();
  }

  @Test
  void answersAgainAfterTheApiServerWasKilled(Cluster cluster) {
    cluster.stopApiServer();
    assertThat(cluster.kubectl("get", "--raw=/readyz").ok()).isFalse();

    cluster.startApiServer();
    assertThat(cluster.kubectl("get", "--raw=/readyz").out()).isEqualTo("ok");
  }

  @Test
  void doesNotFailOnExitCodes(Cluster cluster) {
    Result result = cluster.kubectl("get", "nothing-like-this");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("nothing-like-this");
  }

  @Nested
  class InANestedClass {
    @Test
    void theNamespaceIsTheOuterOnes(TestNamespace namespace) {
      assertThat(namespace.name()).startsWith("control-plane-it-");
    }
  }
}
