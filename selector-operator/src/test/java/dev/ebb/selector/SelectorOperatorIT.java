package dev.ebb.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service as users run it, in this JVM, by the real clock: what it watches, and its API. */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SelectorOperatorIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.shared();
  private Cluster cluster;
  private String namespace;
  // Makes objects; its own reconciler does nothing here.
  private Harness objects;
  private ConfigurableApplicationContext service;
  private String base;
  private String one;
  private String operator;
  private String reader;

  private record Answer(int status, JsonNode body) {}

  @BeforeAll
  void start(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    Harness.define(cluster);
    objects = new Harness(cluster, namespace, null);
    kubectl("apply", "-f", Path.of("src/test/resources/admin.yaml").toString());
    objects.set("set", 3);
    objects.pods("set", 3);
    objects.services("svc-", 6, "set");
    objects.pool("pool", "set", "svc-", "");
    service =
        new SpringApplication(SelectorOperatorApplication.class)
            .run(
                "--ebb.kubeconfig=" + cluster.kubeconfig(),
                "--ebb.pod.namespace=" + namespace,
                "--ebb.watch-namespaces=" + namespace,
                "--server.port=0",
                "--logging.level.root=warn");
    base = "http://localhost:" + service.getEnvironment().getProperty("local.server.port");
    one = "/api/v1/namespaces/" + namespace + "/servicepools/";
    operator = kubectl("create", "token", "operator", "--audience=ebb").strip();
    reader = kubectl("create", "token", "reader", "--audience=ebb").strip();
    await().atMost(SOON).until(() -> objects.map("svc-").size() == 6);
  }

  @AfterAll
  void stop() {
    service.close();
    objects.close();
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  private Answer ask(String method, String path, String token) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Authorization", "Bearer " + token)
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), json.readTree(answer.body()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aNewServiceAndACondemnedOrdinalAreSeenAtOnce() {
    // T-A13: no pod changes; the next look by itself would come after a minute.
    objects.service("svc-6", "", "'selector': {'app': 'set'}");
    await().atMost(SOON).until(() -> objects.map("svc-").size() == 7);

    objects.set("less", 2);
    objects.pods("less", 2);
    objects.services("less-", 2, "less");
    objects.pool("shrinking", "less", "less-", "");
    await().atMost(SOON).until(() -> objects.map("less-").containsValue("less-1"));
    objects.scale("less", 1);
    await().atMost(SOON).until(() -> !objects.map("less-").containsValue("less-1"));
  }

  @Test
  void saysWhichServiceBelongsToWhichPodAndWhy() {
    JsonNode list = ask("GET", "/api/v1/namespaces/" + namespace + "/servicepools", reader).body();
    JsonNode why = ask("GET", one + "pool/why", reader).body();

    assertThat(list.get(0).path("name").asString()).isEqualTo("pool");
    assertThat(list.get(0).path("eligible").asInt()).isEqualTo(3);
    assertThat(list.get(0).path("message").asString()).contains("shared out among 3 pods");
    assertThat(why.path("pods").path("set-0").asString()).isEqualTo("ELIGIBLE");
    assertThat(why.path("map").path("svc-0").asString()).startsWith("set-");
    assertThat(ask("GET", "/openapi", reader).status()).isEqualTo(200);
  }

  @Test
  void saysWhereAKeyIsServedAndWhatTheMapWouldBe() {
    JsonNode route = ask("GET", one + "pool/route?key=ghcr.io/org/app", reader).body();
    Map<String, String> map = objects.map("svc-");
    JsonNode more = ask("GET", one + "pool/simulate?pods=4", reader).body();

    assertThat(route.path("pod").asString()).isEqualTo(map.get(route.path("service").asString()));
    assertThat(more.path("map").propertyNames()).hasSameSizeAs(map.keySet());
    assertThat(more.path("map").valueStream().map(JsonNode::asString)).contains("set-3");
    assertThat(more.path("moves").asInt()).as("a quarter of six or seven").isEqualTo(1);
    assertThat(ask("GET", one + "pool/simulate?pods=0", reader).status()).isEqualTo(400);
  }

  @Test
  void pausesAndResumes() {
    assertThat(ask("POST", one + "pool/pause", operator).body().path("message").asString())
        .isEqualTo("paused until it is resumed");
    await()
        .atMost(SOON)
        .until(() -> objects.ready("pool").startsWith("False Paused: spec.mode is Paused"));
    assertThat(ask("POST", one + "pool/pause", operator).body().path("message").asString())
        .contains("it is paused until");

    assertThat(ask("POST", one + "pool/resume", operator).body().path("message").asString())
        .isEqualTo("it is on Enforce");
    await().atMost(SOON).until(() -> objects.ready("pool").startsWith("True Assigned"));
    assertThat(kubectl("get", "events", "-o", "jsonpath={.items[*].reason}"))
        .contains("AdminPause", "AdminResume");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,pool/pause,403,may not pause servicepools.ebb.dev",
    "GET,nothing/why,404,kubectl get svcpool -A",
    "GET,pool/route,400,key"
  })
  void errorsSayWhatToDo(String method, String path, int status, String detail) {
    Answer answer = ask(method, one + path, reader);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body().path("detail").asString()).contains(detail);
  }
}
