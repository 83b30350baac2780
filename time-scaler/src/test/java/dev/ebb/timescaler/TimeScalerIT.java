package dev.ebb.timescaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.testkit.TestClients;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ServiceScaler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
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

/** The service as users run it, in this JVM, by the real clock: boundaries and the admin API. */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TimeScalerIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.shared();
  private Cluster cluster;
  private String namespace;
  private KubeClient direct;
  private ConfigurableApplicationContext service;
  private String base;
  private String one;
  private String operator;
  private String reader;

  private record Answer(int status, JsonNode body) {}

  /** An HPA's bounds, and when they were seen. */
  private record Seen(Instant at, int min) {}

  @BeforeAll
  void start(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    direct = TestClients.of(cluster, "test");
    Harness.define(cluster, Harness.CRD);
    kubectl("apply", "-f", Path.of("src/test/resources/admin.yaml").toString());
    service =
        new SpringApplication(TimeScalerApplication.class)
            .run(
                "--ebb.kubeconfig=" + cluster.kubeconfig(),
                "--ebb.pod.namespace=" + namespace,
                "--ebb.watch-namespaces=" + namespace,
                "--server.port=0",
                "--logging.level.root=warn");
    base = "http://localhost:" + service.getEnvironment().getProperty("local.server.port");
    one = "/api/v1/namespaces/" + namespace + "/servicescalers/";
    operator = token("operator");
    reader = token("reader");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(get(one + "shop", reader).body().path("lastKnownConfig").toString())
                .contains("\"minReplicas\":3"));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  private String token(String account) {
    return kubectl("create", "token", account, "--audience=ebb").strip();
  }

  private Answer get(String path, @Nullable String token) {
    return send(HttpRequest.newBuilder(URI.create(base + path)), token);
  }

  private Answer post(String path, String body, String token) {
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        token);
  }

  private Answer send(HttpRequest.Builder request, @Nullable String token) {
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), json.readTree(answer.body()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aBoundaryIsAppliedWithinASecond() {
    Instant from = Instant.now().plusSeconds(4);
    Instant to = from.plusSeconds(2);
    List<Seen> seen = new CopyOnWriteArrayList<>();
    try (Informer<Hpa> hpas =
        new Informer<>(direct, Hpa.TYPE, namespace, Map.of(), Clock.systemUTC())) {
      hpas.onChange(change -> {
        if (change.after() != null && change.after().metadata().name().equals("quick")) {
          seen.add(new Seen(Instant.now(), change.after().min()));
        }
      });
      hpas.start();
      direct.create(
          ServiceScaler.TYPE,
          namespace,
          json.readTree(
              """
              {"apiVersion": "scaler.udaan.io/v1", "kind": "ServiceScaler",
               "metadata": {"name": "quick"},
               "spec": {"hpa": {"minReplicas": 1, "maxReplicas": 9, "targetCPUUtilization": 50},
                 "timeRangeSpec": [{"kind": "ZonedDateTime", "from": "%s", "to": "%s",
                   "replicaSpec": {"hpa": {"minReplicas": 7}}}]}}
              """
                  .formatted(from, to)));

      // Five of six steps up are there before, the last one at the boundary; then one down.
      await().atMost(SOON).until(() -> seen.size() > 2 && last(seen).min() == 6);
    }
    assertThat(seen).extracting(Seen::min).containsSubsequence(6, 7, 6);
    Instant up = seen.stream().filter(s -> s.min() == 7).findFirst().orElseThrow().at();
    Instant down =
        last(seen.stream()
                .filter(s -> s.at().isAfter(up))
                .filter(s -> s.min() == 6)
                .limit(1)
                .toList())
            .at();
    System.out.printf(
        "boundaries were applied after %d ms and %d ms%n",
        Duration.between(from, up).toMillis(), Duration.between(to, down).toMillis());
    assertThat(up).isBetween(from, from.plusSeconds(1));
    assertThat(down).isBetween(to, to.plusSeconds(1));
  }

  private static Seen last(List<Seen> seen) {
    return seen.getLast();
  }

  @Test
  void idleMeansNoWrites() {
    String versions = "jsonpath={range .items[*]}{.metadata.name}={.metadata.generation} {end}";
    String statuses = "jsonpath={.metadata.resourceVersion}";
    String before =
        kubectl("get", "hpa", "shop", "-o", "jsonpath={.spec}")
            + kubectl("get", "ss", "shop", "-o", statuses);
    assertThat(kubectl("get", "ss", "-o", versions)).contains("shop=");

    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            (kubectl("get", "hpa", "shop", "-o", "jsonpath={.spec}")
                    + kubectl("get", "ss", "shop", "-o", statuses))
                .equals(before));
  }

  @Test
  void listsAndExplains() {
    JsonNode list = get("/api/v1/namespaces/" + namespace + "/servicescalers", reader).body();
    JsonNode shop =
        list.valueStream()
            .filter(e -> e.path("name").asString("").equals("shop"))
            .findFirst()
            .orElseThrow();
    assertThat(shop.path("ready").asBoolean()).isTrue();
    assertThat(shop.path("active").asString("")).isEqualTo("00:00+05:30 to 00:00+05:30");

    JsonNode why = get(one + "shop/why", reader).body();
    assertThat(why.path("decision").asString(""))
        .isEqualTo("nothing: the HPA says what is in force");
    assertThat(why.path("inForce").path("min").asInt()).isEqualTo(3);
    assertThat(why.path("range").asString("")).isEqualTo("00:00+05:30 to 00:00+05:30");
    assertThat(kubectl("get", "ss", "shop")).contains("READY", "ACTIVE", "True", "3", "8");
  }

  @Test
  void schedulesAreListedExplainedSimulatedAndPaused() {
    String basket = "/api/v1/namespaces/" + namespace + "/scalingschedules/basket";
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(get(basket, reader).body().path("effective").toString())
                .contains("\"minReplicas\":3"));
    assertThat(
            get("/api/v1/namespaces/" + namespace + "/scalingschedules", reader).body().toString())
        .contains("\"name\":\"basket\"", "\"active\":\"always\"");
    JsonNode why = get(basket + "/why", reader).body();
    assertThat(why.path("range").asString("")).isEqualTo("always");
    JsonNode week = get(basket + "/simulate?from=2026-03-10T00:00:00Z", reader).body();
    assertThat(week.path("timeline").size()).isEqualTo(1);
    assertThat(week.path("timeline").path(0).path("values").path("min").asInt()).isEqualTo(3);
    assertThat(week.path("complete").asBoolean()).isTrue();
    assertThat(get(basket + "/simulate?from=tomorrow", reader).status()).isEqualTo(400);
    assertThat(post(basket + "/pause", "", reader).status()).isEqualTo(403);

    assertThat(post(basket + "/pause", "{\"for\": \"4s\"}", operator).status()).isEqualTo(200);
    kubectl("patch", "hpa", "basket", "--type=merge", "-p", "{\"spec\":{\"minReplicas\":1}}");
    await()
        .atMost(SOON)
        .until(() ->
            kubectl("get", "hpa", "basket", "-o", "jsonpath={.spec.minReplicas}").equals("3"));
    assertThat(kubectl("get", "ssched", "basket", "-o", "jsonpath={.spec.mode}"))
        .isEqualTo("Enforce");
    assertThat(kubectl("get", "ssched", "basket")).contains("ACTIVE", "always", "True");
  }

  @ParameterizedTest(name = "{0} {1} by {2}: {3}")
  @CsvSource({
    "GET,shop,,401",
    "POST,shop/pause,reader,403",
    "POST,shop/resume,reader,403",
    "POST,shop/destroy,operator,403",
    "GET,nobody,reader,404",
    "POST,nobody/pause,operator,404"
  })
  void refusesWithAReason(String method, String path, String who, int status) {
    String token = who == null ? null : who.equals("reader") ? reader : operator;

    Answer answer = method.equals("GET") ? get(one + path, token) : post(one + path, "{}", token);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body().path("detail").asString("")).isNotEmpty();
  }

  @Test
  void aPauseHoldsTheHpaAndEndsByItself() {
    assertThat(post(one + "shop/pause", "{\"for\": \"5s\"}", operator).status()).isEqualTo(200);
    await()
        .atMost(SOON)
        .until(() ->
            get(one + "shop/why", reader).body().path("held").asString("").contains("Paused"));
    kubectl("patch", "hpa", "shop", "--type=merge", "-p", "{\"spec\":{\"minReplicas\":2}}");

    await()
        .atMost(SOON)
        .until(
            () -> kubectl("get", "hpa", "shop", "-o", "jsonpath={.spec.minReplicas}").equals("3"));
    assertThat(kubectl("get", "ss", "shop", "-o", "jsonpath={.metadata.annotations}"))
        .doesNotContain("ebb.dev/mode", "paused-until");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(kubectl("get", "events", "-o", "jsonpath={.items[*].reason}"))
                .contains("AdminPause", "PauseEnded"));
    assertThat(post(one + "shop/resume", "", operator).body().path("changed").asBoolean(true))
        .isFalse();
  }

  @Test
  void theApiIsDescribed() {
    kubectl("create", "clusterrole", namespace, "--verb=get", "--non-resource-url=/openapi");
    kubectl(
        "create",
        "clusterrolebinding",
        namespace,
        "--clusterrole=" + namespace,
        "--serviceaccount=" + namespace + ":reader");
    try {
      JsonNode api = get("/openapi", reader).body();
      assertThat(api.path("info").path("title").asString("")).contains("time-scaler");
      assertThat(api.path("paths").propertyNames())
          .contains(
              "/api/v1/servicescalers",
              "/api/v1/namespaces/{namespace}/servicescalers/{name}/why",
              "/api/v1/namespaces/{namespace}/servicescalers/{name}/pause",
              "/api/v1/namespaces/{namespace}/servicescalers/{name}/resume",
              "/api/v1/namespaces/{namespace}/scalingschedules/{name}/simulate");
      assertThat(api.path("components").path("schemas").propertyNames())
          .contains("Problem", "Summary", "Why", "Done", "PauseRequest", "Simulation");
    } finally {
      cluster.kubectl("delete", "clusterrole,clusterrolebinding", namespace);
    }
  }

  @Test
  void isReadyAndCounts() {
    assertThat(get("/actuator/health/readiness", null).status()).isEqualTo(200);
    assertThat(
            service
                .getBean(io.micrometer.core.instrument.MeterRegistry.class)
                .get("ebb_timescaler_scalers")
                .tag("kind", "servicescaler")
                .tag("state", "applied")
                .gauge()
                .value())
        .isGreaterThanOrEqualTo(1);
  }
}
