package dev.ebb.runtime.freeze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.freeze.Freeze.Scope;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.model.ConfigMap;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.TestClients;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The switch on a real API server, and the gate behind it. */
@WithCluster(pods = false)
class FreezeWatchIT {

  private final List<String> told = new CopyOnWriteArrayList<>();
  private Cluster cluster;
  private String namespace;
  private KubeClient client;
  private FreezeWatch watch;

  @BeforeEach
  void start(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    client = TestClients.of(cluster, "ebb-test");
    watch = new FreezeWatch(client, namespace, null, Clock.systemUTC()).onChange(told::add);
    assertThat(watch.of(namespace)).as("before it was read").contains(Freeze.UNREAD);
    watch.start();
    await().until(() -> watch.of(namespace).isEmpty());
  }

  @AfterEach
  void stop() {
    watch.close();
  }

  private void kubectl(String... words) {
    cluster.kubectl(words).orThrow();
  }

  @Test
  void aConfigMapFreezesEverythingUntilItIsDeleted() {
    kubectl("-n", namespace, "create", "configmap", "ebb-freeze", "--from-literal=reason=big day");

    Freeze freeze = new Freeze(Scope.SUITE, "big day");
    await().until(() -> watch.of("default").equals(Optional.of(freeze)));
    assertThat(watch.live("default")).contains(freeze);
    assertThat(watch.of("")).contains(freeze);
    assertThat(told).contains("");

    kubectl("-n", namespace, "delete", "configmap", "ebb-freeze");
    await().until(() -> watch.of("default").isEmpty());
    assertThat(watch.live("default")).isEmpty();
  }

  @Test
  void anAnnotationFreezesItsNamespaceAndWritesThereAreRefused() {
    KubeClient held = TestClients.of(cluster.kubeconfig(), "ebb-test", new FreezeGate(() -> watch));
    ConfigMap before = create(held, "before");
    kubectl("annotate", "namespace", namespace, "ebb.dev/freeze=launch");
    await().until(() -> watch.of(namespace).isPresent());
    assertThat(watch.of("default")).isEmpty();
    assertThat(watch.live(namespace)).contains(new Freeze(Scope.NAMESPACE, "launch"));
    assertThat(told).contains(namespace);

    assertThatThrownBy(() -> create(held, "during"))
        .isInstanceOf(KubeException.class)
        .hasMessageContaining("launch");
    assertThatThrownBy(() -> held.delete(ConfigMap.TYPE, before.metadata()))
        .isInstanceOf(KubeException.class);
    assertThat(client.find(ConfigMap.TYPE, new ResourceKey(namespace, "during"))).isEmpty();
    assertThatCode(() -> create(held.evenFrozen(), "even")).doesNotThrowAnyException();

    kubectl("annotate", "namespace", namespace, "ebb.dev/freeze-");
    await().until(() -> watch.of(namespace).isEmpty());
    assertThat(held.delete(ConfigMap.TYPE, before.metadata())).isTrue();
  }

  private ConfigMap create(KubeClient by, String name) {
    ObjectNode body = client.json().createObjectNode();
    body.put("apiVersion", "v1").put("kind", "ConfigMap");
    body.putObject("metadata").put("name", name);
    return by.create(ConfigMap.TYPE, namespace, body);
  }
}
