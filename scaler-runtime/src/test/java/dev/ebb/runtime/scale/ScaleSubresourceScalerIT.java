package dev.ebb.runtime.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.kube.Kinds;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import dev.ebb.testkit.TestClients;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithCluster(pods = false)
class ScaleSubresourceScalerIT {

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    executor.close();
  }

  private ResourceScaler scaler(Cluster cluster, String manager) {
    KubeClient client = TestClients.of(cluster, manager);
    return new ScaleSubresourceScaler(client, new Kinds(client), executor);
  }

  private static ScaleTarget target(TestNamespace namespace, String kind, String name) {
    return new ScaleTarget("apps/v1", kind, new ResourceKey(namespace.name(), name));
  }

  private static void create(Cluster cluster, TestNamespace namespace, String kind, String name) {
    String resource = kind.toLowerCase(java.util.Locale.ROOT);
    String extra = kind.equals("StatefulSet") ? "  serviceName: x\n" : "";
    String yaml =
        """
        apiVersion: apps/v1
        kind: %s
        metadata: {name: %s}
        spec:
          replicas: 2
        %s  selector: {matchLabels: {app: a}}
          template:
            metadata: {labels: {app: a}}
            spec: {containers: [{name: c, image: none}]}
        """
            .formatted(kind, name, extra);
    try {
      java.nio.file.Path file = java.nio.file.Files.createTempFile(resource, ".yaml");
      java.nio.file.Files.writeString(file, yaml);
      assertThat(cluster.kubectl("apply", "-n", namespace.name(), "-f", file.toString()).err())
          .isEmpty();
      java.nio.file.Files.delete(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deployment", "StatefulSet", "ReplicaSet"})
  void setsARealCountAndKnowsWhoWroteIt(String kind, Cluster cluster, TestNamespace namespace) {
    String name = "w-" + kind.toLowerCase(java.util.Locale.ROOT);
    create(cluster, namespace, kind, name);
    ScaleTarget target = target(namespace, kind, name);
    ResourceScaler autoscaler = scaler(cluster, "ebb-autoscaler");
    assertThat(autoscaler.getScale(target).writer()).isEqualTo("kubectl-client-side-apply");

    Scale written = autoscaler.setScale(new ScaleRequest(target, 0, null, "idle")).join();

    assertThat(written.desired()).isZero();
    assertThat(autoscaler.getScale(target).writer()).isEqualTo("ebb-autoscaler");
    scaler(cluster, "ebb-dlx-gateway")
        .setScale(new ScaleRequest(target, 3, null, "a request waits"))
        .join();
    Scale woken = autoscaler.getScale(target);
    assertThat(woken.desired()).isEqualTo(3);
    assertThat(woken.writer()).isEqualTo("ebb-dlx-gateway");
    assertThat(woken.selector()).isEqualTo("app=a");
    cluster.kubectl("scale", kind + "/" + name, "--replicas=0", "-n", namespace.name());
    assertThat(autoscaler.getScale(target).writer()).isEqualTo(ScaleSubresourceScaler.UNTRACKED);
  }

  @Test
  void ourZeroStaysOursWhateverElseIsEdited(Cluster cluster, TestNamespace namespace) {
    create(cluster, namespace, "Deployment", "edited");
    ScaleTarget target = target(namespace, "Deployment", "edited");
    ResourceScaler scaler = scaler(cluster, "ebb-autoscaler");
    scaler.setScale(new ScaleRequest(target, 0, scaler.getScale(target).version(), "idle")).join();

    cluster.kubectl("set", "image", "deployment/edited", "c=other", "-n", namespace.name());

    assertThat(scaler.getScale(target).writer()).isEqualTo("ebb-autoscaler");
  }

  @Test
  void writesOnlyWhatWasRead(Cluster cluster, TestNamespace namespace) {
    create(cluster, namespace, "Deployment", "guarded");
    ScaleTarget target = target(namespace, "Deployment", "guarded");
    ResourceScaler scaler = scaler(cluster, "ebb-autoscaler");
    Scale read = scaler.getScale(target);
    scaler.setScale(new ScaleRequest(target, 5, null, "somebody else")).join();

    assertThatThrownBy(
            () -> scaler.setScale(new ScaleRequest(target, 0, read.version(), "idle")).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ScalerException.class,
            e -> assertThat(e.kind()).isEqualTo(ScalerException.Kind.CONFLICT));

    assertThat(scaler.getScale(target).desired()).isEqualTo(5);
  }

  /** Scale and object are read at the same time: here another writes between the two. */
  @Test
  void theWriterIsThatOfTheVersionThatAWriteInsistsOn(Cluster cluster, TestNamespace namespace) {
    create(cluster, namespace, "Deployment", "between");
    ScaleTarget target = target(namespace, "Deployment", "between");
    scaler(cluster, "ebb-autoscaler").setScale(new ScaleRequest(target, 0, null, "idle")).join();
    KubeClient client = TestClients.of(cluster, "ebb-dlx-gateway");
    Executor readsEarly =
        read -> {
          read.run();
          for (String replicas : List.of("--replicas=2", "--replicas=0")) {
            cluster.kubectlIn(namespace.name(), "scale", "deployment/between", replicas).orThrow();
          }
        };

    Scale read = new ScaleSubresourceScaler(client, new Kinds(client), readsEarly).getScale(target);

    assertThat(read.desired()).isZero();
    assertThat(read.writer()).isEqualTo(ScaleSubresourceScaler.UNTRACKED);
  }

  @Test
  void saysWhatIsMissing(Cluster cluster, TestNamespace namespace) {
    ResourceScaler scaler = scaler(cluster, "ebb-autoscaler");

    assertThatThrownBy(() -> scaler.getScale(target(namespace, "Deployment", "nothing")))
        .isInstanceOfSatisfying(
            ScalerException.class,
            e -> assertThat(e.kind()).isEqualTo(ScalerException.Kind.NOT_FOUND));
    assertThatThrownBy(() -> scaler.getScale(target(namespace, "DaemonSet", "nothing")))
        .hasMessageContaining("scale subresource")
        .hasMessageContaining("targetRef");
  }
}
