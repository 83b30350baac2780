package dev.ebb.testkit;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.KubeClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Clients of the test cluster. */
public final class TestClients {

  private TestClients() {}

  /** Makes a client with all rights that writes under a field manager. */
  public static KubeClient of(Cluster cluster, String fieldManager) {
    return of(cluster.kubeconfig(), fieldManager);
  }

  /** Makes a client of a kubeconfig that writes under a field manager. */
  public static KubeClient of(Path kubeconfig, String fieldManager) {
    try (Reader reader = Files.newBufferedReader(kubeconfig)) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      config.setFile(kubeconfig.toFile());
      return new KubeClient(
          ClientBuilder.kubeconfig(config).setPingInterval(Duration.ofSeconds(10)).build(),
          RuntimeAutoConfiguration.kubernetesJson(),
          fieldManager);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
