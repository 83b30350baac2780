package dev.ebb.autoscaler;

import dev.ebb.localcluster.Cluster;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The autoscaler as users run it, in the JVM of a test, against the test's API server. */
public final class TestAutoscaler {

  /** The definition of ScaledResources. */
  public static final Path CRD =
      Path.of("../charts/ebb/charts/crds/files/scaledresources.ebb.dev.yaml");

  private TestAutoscaler() {}

  /** Makes ScaledResources known to the API server. */
  public static void define(Cluster cluster) {
    cluster.kubectl("apply", "--server-side", "-f", CRD.toString()).orThrow();
    cluster.kubectl("wait", "--for=condition=Established", "crd/scaledresources.ebb.dev").orThrow();
  }

  /** Starts it, in a namespace as if it were installed there; close it. */
  public static ConfigurableApplicationContext start(Cluster cluster, String namespace) {
    return new SpringApplication(AutoscalerApplication.class)
        .run(
            "--ebb.kubeconfig=" + cluster.kubeconfig(),
            "--ebb.pod.namespace=" + namespace,
            "--server.port=0",
            "--logging.level.root=warn");
  }
}
