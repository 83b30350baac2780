package dev.ebb.testkit;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.config.ApiClients;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.WriteGate;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** Clients of the test cluster. */
public final class TestClients {

  private TestClients() {}

  /** Makes a client with all rights that writes under a field manager. */
  public static KubeClient of(Cluster cluster, String fieldManager) {
    return of(cluster.kubeconfig(), fieldManager, WriteGate.OPEN);
  }

  /** Makes a client of a kubeconfig that writes under a field manager. */
  public static KubeClient of(Path kubeconfig, String fieldManager) {
    return of(kubeconfig, fieldManager, WriteGate.OPEN);
  }

  /** Makes a client of a kubeconfig whose writes a gate is asked about. */
  public static KubeClient of(Path kubeconfig, String fieldManager, WriteGate gate) {
    return new KubeClient(
        apiClient(kubeconfig), RuntimeAutoConfiguration.kubernetesJson(), fieldManager, gate);
  }

  /** Makes client-java's client of a kubeconfig. */
  public static ApiClient apiClient(Path kubeconfig) {
    try {
      return ApiClients.create(kubeconfig.toString(), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
