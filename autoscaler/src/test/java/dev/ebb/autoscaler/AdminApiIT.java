package dev.ebb.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.kube.Kinds;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.scale.ScaleSubresourceScaler;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.testkit.TestClients;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The admin API's verbs, rights and errors, against a real API server. */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminApiIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.builder().build();
  private Cluster cluster;
  private String namespace;
  private ConfigurableApplicationContext autoscaler;
  private String base;
  private String one;
  private String operator;
  private String reader;

  private record Answer(int status, HttpResponse<String> http, JsonNode body) {}

  @BeforeAll
  void start(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    TestAutoscaler.define(cluster);
    kubectl("apply", "-f", Path.of("src/test/resources/admin.yaml").toString());
    autoscaler = TestAutoscaler.start(cluster, namespace);
    base = "http://localhost:" + autoscaler.getEnvironment().getProperty("local.server.port");
    one = "/api/v1/namespaces/" + namespace + "/scaledresources/";
    operator = token("operator");
    reader = token("reader");
    for (String name : new String[] {"shop", "sleeper", "late"}) {
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(get(one + name, reader).body().path("state").asString("")).isNotEmpty());
    }
  }

  @AfterAll
  void stop() {
    autoscaler.close();
  }

  private String token(String account) {
    return kubectl("create", "token", account, "--audience=ebb").strip();
  }

  private Answer get(String path, String token) {
    return send(HttpRequest.newBuilder(URI.create(base + path)), token);
  }

  private Answer post(String path, String body, String token) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    if (body == null) {
      request.POST(HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body));
    }
    return send(request, token);
  }

  private Answer send(HttpRequest.Builder request, String token) {
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      String type = answer.headers().firstValue("Content-Type").orElse("");
      assertThat(type)
          .as("%s", answer)
          .startsWith(answer.statusCode() < 400 ? "application/json" : "application/problem+json");
      return new Answer(answer.statusCode(), answer, json.readTree(answer.body()));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  private String field(String name, String path) {
    return kubectl("get", "sr", name, "-o", "jsonpath={" + path + "}");
  }

  private void awaitEvent(String name, String reason, String... parts) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(
                    kubectl(
                        "get",
                        "events",
                        "--field-selector",
                        "involvedObject.name=" + name + ",reason=" + reason,
                        "-o",
                        "jsonpath={.items[*].message}"))
                .contains(parts));
  }

  @ParameterizedTest(name = "{0} {1} by {2}: {3} {4}")
  @CsvSource({
    "GET,shop,,401,Unauthorized,kubectl create token",
    "GET,shop,wrong,401,Unauthorized,audience ebb",
    "POST,shop/pause,reader,403,Forbidden,may not pause scaledresources.ebb.dev in namespace",
    "POST,shop/resume,reader,403,Forbidden,may not pause",
    "POST,shop/wake,reader,403,Forbidden,may not wake",
    "POST,shop/destroy,operator,403,Forbidden,may not destroy",
    "GET,nobody,reader,404,NotFound,kubectl get sr -A",
    "POST,nobody/wake,operator,404,NotFound,kubectl get sr -A",
    "POST,shop/why,admin,405,MethodNotAllowed,use GET",
    "GET,shop/nothing,reader,404,NotFound,/openapi"
  })
  void errorsSayWhatToDo(
      String method, String path, String who, int status, String reason, String detail) {
    if ("admin".equals(who)) {
      kubectl("create", "role", "why", "--verb=why", "--resource=scaledresources.ebb.dev");
      kubectl(
          "create",
          "rolebinding",
          "why",
          "--role=why",
          "--serviceaccount=" + namespace + ":operator");
    }
    String token =
        who == null ? null : who.equals("wrong") ? "x" : who.equals("reader") ? reader : operator;

    Answer answer = method.equals("GET") ? get(one + path, token) : post(one + path, null, token);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body().path("reason").asString()).isEqualTo(reason);
    assertThat(answer.body().path("detail").asString()).contains(detail);
    assertThat(answer.body().path("instance").asString()).isEqualTo(one + path);
    if (status == 401) {
      assertThat(answer.http().headers().firstValue("WWW-Authenticate"))
          .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"for\": \"tomorrow\"} | for | 2h",
        "{\"for\": {}}           | for | ",
        "{\"fro\": \"2h\"}       | fro | ",
        "{                       | body | "
      })
  void aWrongBodyNamesItsField(String body, String field, String detail) {
    Answer answer = post(one + "shop/pause", body, operator);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("field").asString()).isEqualTo(field);
    assertThat(answer.body().path("detail").asString())
        .startsWith(field + ": ")
        .contains(detail == null ? "" : detail);
  }

  @Test
  void answersAreJson() {
    Answer answer =
        send(
            HttpRequest.newBuilder(URI.create(base + one + "shop")).header("Accept", "text/html"),
            reader);

    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.body().path("detail").asString()).contains("json");
  }

  @Test
  void listsANamespaceForWhoMayReadItAlone() {
    assertThat(get("/api/v1/namespaces/" + namespace + "/scaledresources", reader).body())
        .extracting(entry -> entry.path("name").asString())
        .containsExactly("late", "shop", "sleeper");
    assertThat(get("/api/v1/scaledresources", reader).status()).isEqualTo(403);
  }

  @Test
  void aPauseEndsByItselfAndIsAudited() {
    Instant before = Instant.now();

    Answer answer = post(one + "late/pause", "{\"for\": \"6s\"}", operator);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("changed").asBoolean()).isTrue();
    assertThat(field("late", ".spec.mode")).isEqualTo("Paused");
    Instant until = Instant.parse(field("late", ".metadata.annotations.ebb\\.dev/paused-until"));
    assertThat(until).isBetween(before.plusSeconds(4), before.plusSeconds(12));
    awaitEvent("late", "AdminPause", "paused until " + until, "operator", "from 127.0.0.1");
    await().atMost(SOON).until(() -> field("late", ".spec.mode").equals("Enforce"));
    assertThat(Instant.now()).isAfterOrEqualTo(until);
    assertThat(field("late", ".metadata.annotations.ebb\\.dev/paused-until")).isEmpty();
    awaitEvent("late", "PauseEnded", "Enforce");
  }

  @Test
  void pauseAndResumeByHand() {
    assertThat(post(one + "shop/resume", null, operator).body().path("changed").asBoolean())
        .isFalse();
    post(one + "shop/pause", null, operator);
    assertThat(field("shop", ".spec.mode")).isEqualTo("Paused");
    assertThat(post(one + "shop/pause", null, operator).body().path("changed").asBoolean())
        .isFalse();
    Answer sleep = post(one + "shop/sleep", null, operator);
    assertThat(sleep.status()).isEqualTo(409);
    assertThat(sleep.body().path("detail").asString()).contains("resume it");

    post(one + "shop/resume", null, operator);

    assertThat(field("shop", ".spec.mode")).isEqualTo("Enforce");
    awaitEvent("shop", "AdminResume", "operator");
  }

  @Test
  void sleepIsAWishThatSaysWhatItWaitsFor() {
    Answer answer = post(one + "shop/sleep", null, operator);

    assertThat(answer.body().path("waitsFor").toString())
        .contains("GatewayReady: 0 ready gateway replicas");
    assertThat(field("shop", ".metadata.annotations.ebb\\.dev/sleep-asked")).isNotEmpty();
    awaitEvent("shop", "AdminSleep", "operator");
  }

  @Test
  void wakesWhatEbbPutToSleepAndNothingElse() {
    ScaleTarget target =
        new ScaleTarget("apps/v1", "Deployment", new ResourceKey(namespace, "sleeper"));
    scale("ebb-autoscaler", target, 0);

    Answer answer = post(one + "sleeper/wake", null, operator);

    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
    assertThat(answer.body().path("message").asString()).isEqualTo("replicas 0 -> 1");
    assertThat(kubectl("get", "deployment", "sleeper", "-o", "jsonpath={.spec.replicas}"))
        .isEqualTo("1");
    awaitEvent("sleeper", "AdminWake", "replicas 0 -> 1", "operator");
    assertThat(post(one + "sleeper/wake", null, operator).body().path("changed").asBoolean())
        .isFalse();

    kubectl("scale", "deployment/sleeper", "--replicas=0");
    Answer wrongHand = post(one + "sleeper/wake", null, operator);
    assertThat(wrongHand.status()).isEqualTo(409);
    assertThat(wrongHand.body().path("reason").asString()).isEqualTo("StoppedByOther");
  }

  private void scale(String hand, ScaleTarget target, int replicas) {
    KubeClient client = TestClients.of(cluster, hand);
    ExecutorService executor = autoscaler.getBean("ebbExecutor", ExecutorService.class);
    new ScaleSubresourceScaler(client, new Kinds(client), executor)
        .setScale(new ScaleRequest(target, replicas, null, "test"))
        .join();
  }

  @Test
  void theDescriptionHasEveryOperationWithItsErrors() {
    kubectl("create", "clusterrole", namespace, "--verb=get", "--non-resource-url=/openapi");
    kubectl(
        "create",
        "clusterrolebinding",
        namespace,
        "--clusterrole=" + namespace,
        "--serviceaccount=" + namespace + ":reader");
    try {
      assertThat(get("/openapi", null).status()).isEqualTo(401);
      JsonNode api = get("/openapi", reader).body();

      assertThat(api.path("info").path("title").asString()).contains("autoscaler");
      assertThat(api.path("paths").propertyNames())
          .contains("/api/v1/scaledresources")
          .noneMatch(path -> path.startsWith("/internal"));
      for (String verb : new String[] {"wake", "sleep", "pause", "resume", "retry"}) {
        JsonNode operation =
            api.path("paths")
                .path("/api/v1/namespaces/{namespace}/scaledresources/{name}/" + verb)
                .path("post");
        assertThat(operation.path("summary").asString()).as(verb).isNotEmpty();
        assertThat(operation.path("responses").propertyNames())
            .as(verb)
            .contains("200", "400", "401", "403", "404", "406", "409", "500", "503");
      }
      assertThat(api.path("components").path("schemas").propertyNames())
          .contains("Problem", "Summary", "Why", "Done", "PauseRequest");
    } finally {
      cluster.kubectl("delete", "clusterrole,clusterrolebinding", namespace);
    }
  }
}
