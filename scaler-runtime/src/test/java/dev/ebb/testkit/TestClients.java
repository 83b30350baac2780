package dev.ebb.testkit;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.KubeClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;

/** Clients of the test cluster. */
public final class TestClients {

  private TestClients() {}

  /** Makes a client with all rights that writes under a field manager. */
  public static KubeClient of(Cluster cluster, String fieldManager) {
    try (Reader reader = Files.newBufferedReader(cluster.kubeconfig())) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      config.setFile(cluster.kubeconfig().toFile());
      return new KubeClient(
          ClientBuilder.kubeconfig(config).build(),
          RuntimeAutoConfiguration.kubernetesJson(),
          fieldManager);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
