package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.scaler.ResourceScaler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's jar, mounted into the shipped image, drives a kind that Kubernetes has not. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginST {

  private static final String SCALER =
      """
      package example;

      import dev.ebb.scaler.Scale;
      import dev.ebb.scaler.ScaleRequest;
      import dev.ebb.scaler.ScaleTarget;
      import java.util.concurrent.CompletableFuture;

      public class LampScaler implements dev.ebb.scaler.ResourceScaler {
        @Override
        public boolean drives(ScaleTarget target) {
          return target.kind().equals("Lamp");
        }

        @Override
        public Scale getScale(ScaleTarget target) {
          return new Scale(7, 7, "1", "app=lamp", "example");
        }

        @Override
        public CompletableFuture<Scale> setScale(ScaleRequest request) {
          return CompletableFuture.completedFuture(getScale(request.target()));
        }
      }
      """;

  private Ebb ebb;

  @BeforeAll
  void install(Cluster cluster, @TempDir Path folder) throws IOException {
    ebb = Ebb.in(cluster);
    ebb.kubectl("create", "configmap", "lamp", "--from-file=" + jar(folder));
    ebb.upgrade("--set", "autoscaler.plugins.volume.configMap.name=lamp");
  }

  @AfterAll
  void remove() {
    ebb.upgrade();
    ebb.kubectl("delete", "configmap", "lamp");
  }

  private static Path jar(Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve("LampScaler.java"), SCALER);
    Path api =
        Path.of(ResourceScaler.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                api.toString(),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(result).isZero();
    Path jar = folder.resolve("lamp.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry("example/LampScaler.class"));
      Files.copy(folder.resolve("example/LampScaler.class"), out);
    }
    return jar;
  }

  @Test
  void drivesWhatEbbItselfCannot(Cluster cluster, TestNamespace namespace, @TempDir Path folder)
      throws IOException {
    Path manifest =
        Files.writeString(
            folder.resolve("lamp.yaml"),
            """
            apiVersion: ebb.dev/v1alpha1
            kind: ScaledResource
            metadata: {name: hall}
            spec:
              targetRef: {apiVersion: example.dev/v1, kind: Lamp, name: hall}
            """);
    cluster.kubectl("apply", "-n", namespace.name(), "-f", manifest.toString()).orThrow();

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            cluster
                .kubectl(
                    "get",
                    "sr",
                    "hall",
                    "-n",
                    namespace.name(),
                    "-o",
                    "jsonpath={.status.replicas}")
                .out()
                .equals("7"));
    // Of all pods: the one that the upgrade replaced may still be on its way out.
    assertThat(ebb.kubectl("logs", "-l", "app.kubernetes.io/name=autoscaler", "--tail=-1"))
        .contains("plug-in /plugins/lamp.jar: scaler example.LampScaler");
  }
}
