package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.TestClients;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@WithCluster(pods = false)
class InformerIT {

  private static Map<String, Object> service(String name, String app) {
    return Map.of(
        "apiVersion",
        "v1",
        "kind",
        "Service",
        "metadata",
        Map.of("name", name),
        "spec",
        Map.of("selector", Map.of("app", app), "ports", List.of(Map.of("port", 80))));
  }

  private static Informer<Service> informer(KubeClient client, TestNamespace namespace) {
    return new Informer<>(client, Service.TYPE, namespace.name(), Map.of(), Clock.systemUTC());
  }

  @Test
  void followsWhatIsCreatedChangedAndDeleted(Cluster cluster, TestNamespace namespace)
      throws Exception {
    KubeClient client = TestClients.of(cluster, "ebb-test");
    client.create(Service.TYPE, namespace.name(), service("before", "a"));
    List<String> seen = new CopyOnWriteArrayList<>();
    try (Informer<Service> informer =
        informer(client, namespace)
            .onChange(c ->
                seen.add(
                    (c.before() == null ? "+" : c.after() == null ? "-" : "~")
                        + c.any().metadata().name()))
            .start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(10))).isTrue();
      assertThat(informer.get(new ResourceKey(namespace.name(), "before"))).isPresent();

      Service created = client.create(Service.TYPE, namespace.name(), service("during", "b"));
      ResourceKey key = created.key();
      await().until(() -> informer.get(key).isPresent());
      client.patch(
          Service.TYPE,
          key,
          null,
          KubeClient.PatchType.MERGE,
          Map.of("spec", Map.of("selector", Map.of("app", "c"))));
      await().until(() -> informer.get(key).orElseThrow().selects(Map.of("app", "c")));
      client.delete(Service.TYPE, client.get(Service.TYPE, key).metadata());
      await().until(() -> informer.get(key).isEmpty());

      assertThat(seen).containsExactly("+before", "+during", "~during", "-during");
    }
  }

  @Test
  void catchesUpAfterTheApiServerWasAway(Cluster cluster, TestNamespace namespace)
      throws Exception {
    KubeClient client = TestClients.of(cluster, "ebb-test");
    try (Informer<Service> informer = informer(client, namespace).start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(10))).isTrue();
      cluster.stopApiServer();
      await().atMost(Duration.ofSeconds(30)).until(() -> informer.lastProblem() != null);
      assertThat(informer.synced()).isTrue();
      cluster.startApiServer();
      client.create(Service.TYPE, namespace.name(), service("after", "a"));

      await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> informer.get(new ResourceKey(namespace.name(), "after")).isPresent());
      assertThat(informer.lastProblem()).isNull();
    }
  }

  @Test
  void deletesOnlyTheObjectThatWasRead(Cluster cluster, TestNamespace namespace) {
    KubeClient client = TestClients.of(cluster, "ebb-test");
    Service read = client.create(Service.TYPE, namespace.name(), service("twice", "a"));
    client.delete(Service.TYPE, read.metadata());
    client.create(Service.TYPE, namespace.name(), service("twice", "a"));

    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> client.delete(Service.TYPE, read.metadata()))
        .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.conflict()).isTrue());

    assertThat(client.find(Service.TYPE, read.key())).isPresent();
  }

  @Test
  void equalEventsAreOneWithACount(Cluster cluster, TestNamespace namespace) {
    KubeClient client = TestClients.of(cluster, "ebb-test");
    Service service = client.create(Service.TYPE, namespace.name(), service("loud", "a"));
    EventRecorder.Subject subject = EventRecorder.Subject.of(Service.TYPE, service);
    // Two recorders: two replicas, or one that was restarted.
    for (int i = 0; i < 2; i++) {
      EventRecorder recorder =
          new EventRecorder(client, Runnable::run, Clock.systemUTC(), "pod-" + i);
      recorder.warning(subject, "SomethingHappened", "again");
      recorder.warning(subject, "SomethingHappened", "again");
    }

    String events =
        cluster
            .kubectl(
                "get",
                "events",
                "-n",
                namespace.name(),
                // Kubernetes' own controllers may have something to say of other objects here.
                "--field-selector",
                "involvedObject.name=loud",
                "-o",
                "jsonpath={range .items[*]}{.involvedObject.name} {.reason} {.type} {.count};{end}")
            .out();
    assertThat(events).isEqualTo("loud SomethingHappened Warning 2;");
  }

  @Test
  void whoCancelsAWatchEndsItForItsReader(Cluster cluster, TestNamespace namespace) {
    KubeClient client = TestClients.of(cluster, "ebb-test");
    String path = Service.TYPE.path(namespace.name(), null, null);

    try (Watch watch = client.openWatch(path, Map.of("watch", "true"))) {
      watch.cancel();

      // An IllegalStateException is what a reader meets under whom a watch is closed.
      assertThat(catchThrowable(() -> readAll(watch)))
          .satisfiesAnyOf(
              ended -> assertThat(ended).isNull(),
              ended -> assertThat(ended).isInstanceOf(IOException.class));
    }
  }

  private static void readAll(Watch watch) throws IOException {
    while (watch.events().readUtf8Line() != null) {
      // Only its end matters.
    }
  }
}
