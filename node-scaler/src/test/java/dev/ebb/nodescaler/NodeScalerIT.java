package dev.ebb.nodescaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.nodescaler.config.Kubescaler;
import dev.ebb.nodescaler.provider.FakeDigitalOcean;
import dev.ebb.nodescaler.provider.FakeDigitalOcean.FakePool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service as kubescaler's users run it, in this JVM, by the real clock: its flags and its file,
 * and a NodeBuffer beside them.
 */
@WithCluster(pods = false, controllers = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeScalerIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private Cluster cluster;
  private String namespace;
  // Makes objects, and has the cloud; its own reconciler does nothing here.
  private Harness objects;
  private FakeDigitalOcean cloud;
  private FakePool games;
  private FakePool arena;
  private ConfigurableApplicationContext service;
  private String operator;
  private String reader;
  private Path folder;

  @BeforeAll
  void start(Cluster shared, TestNamespace own, @TempDir Path empty) throws IOException {
    folder = empty;
    cluster = shared;
    namespace = own.name();
    Harness.prepare(cluster, namespace);
    objects = new Harness(cluster, namespace);
    cloud = objects.cloud;
    games = objects.pool(namespace + "-games", 3);
    arena = objects.pool(namespace + "-arena", 1);
    // A node that kubescaler has cordoned, and one that an administrator has.
    objects.admin(
        namespace + "-games-2",
        "{metadata: {annotations: {kubescaler/timestamp: '2026-01-01T00:00:00.123456789Z'}},"
            + " spec: {unschedulable: true}}");
    objects.servers(namespace + "-games", namespace + "-games-0", 9);
    objects.servers(namespace + "-games", namespace + "-games-1", 8);
    service = Kubescaler.application(NodeScalerApplication.class).run(words());
    kubectl("apply", "-f", Path.of("src/test/resources/admin.yaml").toString());
    operator = kubectl("create", "token", "operator", "--audience=ebb").strip();
    reader = kubectl("create", "token", "reader", "--audience=ebb").strip();
  }

  /** Kubescaler's words, in two words each; its file says what they do not say. */
  private String[] words(String... more) throws IOException {
    Path file = folder.resolve("config.yaml");
    Files.writeString(
        file,
        """
        cluster-name: "cluster-0"
        node-pool-name: "not this one"
        minimum-node-pool-size: 2
        maximum-node-pool-size: 6
        buffer-slot-size: 4
        scale-loop-tick-sec: 1
        server-cpu-resource-request: "100m"
        empty-node-expiration-sec: 0
        """);
    List<String> words =
        new ArrayList<>(
            List.of(
                "--node-pool-name",
                namespace + "-games",
                "--node-selector",
                "role=" + namespace + "-games",
                "--server-pod-label-name",
                "app",
                "--server-pod-label-value=" + namespace + "-games",
                "--cloud-provider-token",
                "secret",
                "--cluster-kube-config-path",
                cluster.kubeconfig().toString(),
                "--ebb.nodescaler.config-file=" + file,
                "--ebb.nodescaler.digitalocean.address=" + cloud.address(),
                "--ebb.pod.namespace=" + namespace,
                "--ebb.watch-namespaces=" + namespace,
                "--server.port=0",
                "--logging.level.root=warn"));
    words.addAll(List.of(more));
    return Kubescaler.arguments(words.toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    service.close();
    objects.close();
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  private HttpResponse<String> get(String path) {
    return ask("GET", path, "");
  }

  private JsonNode json(String path) {
    return JsonMapper.shared().readTree(ask("GET", path, reader).body());
  }

  private HttpResponse<String> ask(String method, String path, String token) {
    URI uri =
        URI.create(
            "http://localhost:" + service.getEnvironment().getProperty("local.server.port") + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void kubescalersWordsMakeOneBuffer() {
    String third = namespace + "-games-2";
    // B9, scale_up_schedule: the node that kubescaler cordoned is used again, and none is bought.
    await().atMost(SOON).until(() -> !objects.node(third).orElseThrow().spec().unschedulable());
    assertThat(objects.node(third).orElseThrow().metadata().annotations())
        .doesNotContainKey("kubescaler/timestamp");
    assertThat(games.count).isEqualTo(3);

    // scale_up: the next servers take all of it.
    objects.servers(namespace + "-games", third, 10);
    await().atMost(SOON).until(() -> games.count == 4);
    objects.bring(games, namespace + "-games");

    // scale_down: nobody plays any more; empty nodes go by name, down to the minimum.
    objects.stop(namespace + "-games-");
    await().atMost(SOON).until(() -> games.count == 2);
    assertThat(objects.cloudWrites())
        .filteredOn(call -> call.contains("id-" + namespace + "-games"))
        .allMatch(call -> call.startsWith("PUT") || call.contains("/nodes/id-of-"));
    assertThat(games.nodes).hasSize(2);
  }

  @Test
  void aNodeBufferStandsBesideIt() {
    objects.servers(namespace + "-arena", namespace + "-arena-0", 8);
    objects.buffer(namespace + "-arena", 1, 5, "");
    await().atMost(SOON).until(() -> arena.count == 2);
    await()
        .atMost(SOON)
        .until(() -> objects.ready(namespace + "-arena").startsWith("False Filling"));
    objects.bring(arena, namespace + "-arena");
    await().atMost(SOON).until(() -> objects.ready(namespace + "-arena").startsWith("True Full"));
  }

  @Test
  void isReadyLeadsAndCounts() {
    await().atMost(SOON).until(() -> get("/actuator/health/readiness").statusCode() == 200);
    await()
        .atMost(SOON)
        .until(() ->
            get("/actuator/prometheus")
                .body()
                .contains(
                    "ebb_nodescaler_slots{buffer=\""
                        + namespace
                        + "/kubescaler\",state=\"desired\"} 4.0"));
    assertThat(get("/actuator/prometheus").body())
        .contains(
            "leader_election_master_status",
            "ebb_nodescaler_node_group_min_count",
            "ebb_nodescaler_scaled_up_nodes_total",
            "ebb_nodescaler_provider_calls_seconds_count");
  }

  @Test
  void tellsWhyAndWhatWouldBeAndPauses() {
    String name = namespace + "-lobby";
    objects.pool(name, 2);
    objects.servers(name, name + "-0", 9);
    objects.buffer(name, 1, 5, "'scaleDown': {'policy': 'Never'}");
    await().atMost(SOON).until(() -> objects.ready(name).startsWith("True Full"));
    String one = "/api/v1/namespaces/" + namespace + "/nodebuffers/" + name;

    JsonNode list = json("/api/v1/namespaces/" + namespace + "/nodebuffers");
    assertThat(list.valueStream().map(b -> b.path("name").asString("")))
        .contains("kubescaler", name);
    JsonNode why = json(one + "/why");
    assertThat(why.path("counts").path("free").asInt()).isEqualTo(11);
    assertThat(why.path("size").asInt()).isEqualTo(2);
    assertThat(why.path("nodes").get(1).path("stays").asString()).isEqualTo("SwitchedOff");
    JsonNode more = json(one + "/simulate?servers=18");
    assertThat(more.path("steps").get(0).asString()).isEqualTo("size 2 -> 4");
    assertThat(ask("GET", one + "/simulate?servers=-1", reader).statusCode()).isEqualTo(400);
    assertThat(ask("GET", one + "/simulate?at=noon", reader).body())
        .contains("2026-12-24T20:00:00+01:00");
    assertThat(ask("GET", one + "x/why", reader).body()).contains("kubectl get nbuf -A");
    assertThat(ask("GET", "/openapi", reader).body()).contains("nodebuffers");

    assertThat(ask("POST", one + "/pause", reader).statusCode()).isEqualTo(403);
    assertThat(ask("POST", one + "/pause", operator).body()).contains("paused until it is resumed");
    await().atMost(SOON).until(() -> objects.ready(name).startsWith("False Paused"));
    assertThat(ask("POST", one + "/resume", operator).body()).contains("it is on Enforce");
    await().atMost(SOON).until(() -> objects.ready(name).startsWith("True Full"));
  }

  @Test
  void whatIsWrongWithTheConfigurationEndsTheStartWithAllOfIt() {
    assertThatThrownBy(() ->
            Kubescaler.application(NodeScalerApplication.class)
                .run(
                    words(
                        "--buffer-slot-size=many",
                        "--maximum-node-pool-size=1",
                        "--cloud-provider=moon")))
        .rootCause()
        .hasMessageContaining("cloud-provider: there is no moon; it is one of [digitalocean]")
        .hasMessageContaining("maximum-node-pool-size: 1 is less than the minimum 2")
        .hasMessageContaining("buffer-slot-size: many is no whole number");
  }
}
