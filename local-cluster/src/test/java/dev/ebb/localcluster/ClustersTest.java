package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClustersTest {

  @Test
  void theClusterThatTheUserNamedComesFirst() {
    Map<String, String> variables = Map.of("EBB_KUBECONFIG", "/some/where", "EBB_BACKEND", "go");

    assertThat(Clusters.choose(new Environment(variables))).isInstanceOf(ExistingBackend.class);
  }

  @Test
  void theUserMayChooseTheWay() {
    assertThat(Clusters.choose(new Environment(Map.of("EBB_BACKEND", "go"))))
        .isInstanceOf(GoBackend.class);
    assertThat(Clusters.choose(new Environment(Map.of("EBB_BACKEND", "k3s"))))
        .isInstanceOf(K3sBackend.class);
    assertThatThrownBy(() -> Clusters.choose(new Environment(Map.of("EBB_BACKEND", "other"))))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("EBB_BACKEND");
  }

  @Test
  void k3sWithoutAnEngineSaysWhatToDo() {
    Backend k3s = new K3sBackend(new Environment(Map.of("DOCKER_HOST", "unix:///no/such.sock")));

    assertThat(k3s.impossible(true).orElseThrow()).contains("No Docker engine", "DOCKER_HOST");
  }
}
