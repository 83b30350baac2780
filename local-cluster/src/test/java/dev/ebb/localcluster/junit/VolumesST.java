package dev.ebb.localcluster.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims get folders of the machine: a pod's files outlive the pod, and go with the claim. */
@WithCluster
class VolumesST {

  private static final Path MANIFEST = Path.of("src/test/resources/volumes.yaml");
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private Cluster cluster;
  private String namespace;

  @BeforeEach
  void where(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
  }

  @Test
  void aStatefulSetsVolumesOutliveItsPodsAndGoWithTheirClaims() throws Exception {
    kubectl("apply", "-f", MANIFEST.toString());
    kubectl("rollout", "status", "statefulset/keeper", "--timeout=90s");
    Path first = folder("data-keeper-0");
    Path second = folder("data-keeper-1");
    assertThat(first).isNotEqualTo(second);
    write("keeper-0");
    String written = Files.readString(first.resolve("ca.crt"));
    assertThat(read("keeper-0")).contains(written);
    assertThat(second).isEmptyDirectory();
    String uid = field("pod", "keeper-0", ".metadata.uid");

    kubectl("delete", "pod", "keeper-0");

    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> {
          assertThat(field("pod", "keeper-0", ".metadata.uid")).isNotEqualTo(uid);
          assertThat(read("keeper-0")).contains(written);
        });
    assertThat(folder("data-keeper-0")).isEqualTo(first);

    kubectl("delete", "pvc", "data-keeper-1", "--wait=false");
    assertThat(second).as("in use: protected").exists();
    assertThat(field("pvc", "data-keeper-1", ".metadata.finalizers")).contains("pvc-protection");
    kubectl("scale", "statefulset/keeper", "--replicas=1");
    await().atMost(LIMIT).untilAsserted(() -> assertThat(second).doesNotExist());
    assertThat(first).exists();
  }

  @Test
  void aClassOfOnesOwnBindsAtOnceAndRetains() throws Exception {
    kubectl("apply", "-f", "src/test/resources/retain.yaml");
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(field("pvc", "kept", ".status.phase")).isEqualTo("Bound"));
    String volume = field("pvc", "kept", ".spec.volumeName");
    Path folder = folder("kept");
    assertThat(folder).isDirectory();

    kubectl("delete", "pvc", "kept");

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(field("pv", volume, ".status.phase")).isEqualTo("Released"));
    assertThat(folder).isDirectory();
    kubectl(
        "patch", "pv", volume, "-p", "{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Delete\"}}");
    await().atMost(LIMIT).untilAsserted(() -> assertThat(folder).doesNotExist());
    kubectl("delete", "storageclass", "kept-at-once");
  }

  /** The one program of the pods' image writes some files, as the pod's own user. */
  private void write(String pod) {
    kubectl("exec", pod, "--", "/node", "certs", "--dir=/data", "--node=n", "--names=n");
  }

  /** The same program, in the pod, packs a file as it is. */
  private String read(String pod) {
    return kubectl("exec", pod, "--", "/node", "image", "--out=/dev/stdout", "/file=/data/ca.crt");
  }

  private Path folder(String claim) {
    String volume = field("pvc", claim, ".spec.volumeName");
    return Path.of(field("pv", volume, ".spec.local.path"));
  }

  private String field(String kind, String name, String path) {
    return kubectl("get", kind, name, "-o", "jsonpath={" + path + "}");
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }
}
