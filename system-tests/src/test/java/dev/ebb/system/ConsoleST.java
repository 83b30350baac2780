package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The console as a browser uses it: login form, cookies, the UI's own API. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleST {

  /** What the UI asks for: another type is taken for that of a Spring Boot 1. */
  private static final String ACTUATOR =
      "application/vnd.spring-boot.actuator.v2+json, application/json";

  private static final String LOGGER = "dev.ebb.runtime.kube.Informer";

  private final JsonMapper json = new JsonMapper();
  private Cluster cluster;
  private String namespace;
  private Ebb ebb;
  private AdminPort port;
  private ConsoleBrowser operator;
  private ConsoleBrowser viewer;

  @BeforeAll
  void start(Cluster shared, TestNamespace own) throws Exception {
    cluster = shared;
    namespace = own.name();
    ebb = Ebb.in(cluster);
    ebb.upgrade("--set", "admin-console.enabled=true");
    // Another test's gateways may still let calls end.
    await().atMost(Duration.ofSeconds(90)).until(() -> ebb.gateways().size() == 2);
    for (String account : List.of("operator", "viewer", "stranger")) {
      kubectl("create", "serviceaccount", account);
    }
    bind("view", "viewer", "operator");
    bind("edit", "operator");
    port = AdminPort.of(cluster, "service/ebb-admin-console");
    operator = browser();
    assertThat(operator.login(token("operator", "ebb")).statusCode()).isEqualTo(302);
    viewer = browser();
    assertThat(viewer.login(token("viewer", "ebb")).statusCode()).isEqualTo(302);
  }

  @AfterAll
  void stop() {
    if (port != null) {
      port.close();
    }
    for (String role : List.of("view", "edit")) {
      cluster.kubectl("delete", "clusterrolebinding", namespace + "-" + role);
    }
    ebb.upgrade();
  }

  private void bind(String role, String... accounts) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "create",
                "clusterrolebinding",
                namespace + "-" + role,
                "--clusterrole=ebb-" + role));
    for (String account : accounts) {
      words.add("--serviceaccount=" + namespace + ":" + account);
    }
    kubectl(words.toArray(String[]::new));
  }

  private ConsoleBrowser browser() throws Exception {
    return new ConsoleBrowser(port);
  }

  private String token(String account, String audience) {
    return kubectl("create", "token", account, "--audience=" + audience).strip();
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  /** Pods by name, each as "service STATUS". */
  private Map<String, String> instances() throws Exception {
    Map<String, String> found = new TreeMap<>();
    HttpResponse<String> answer = viewer.get("/instances", "application/json");
    assertThat(answer.statusCode()).isEqualTo(200);
    for (JsonNode instance : json.readTree(answer.body())) {
      found.put(
          instance.path("id").asString(""),
          instance.path("registration").path("name").asString("")
              + " "
              + instance.path("statusInfo").path("status").asString(""));
    }
    return found;
  }

  private void awaitAllUp() {
    Map<String, String> expected = new TreeMap<>();
    for (String service : List.of("autoscaler", "dlx-gateway", "admin-console")) {
      for (String pod : ebb.pods(service)) {
        expected.put(pod, service + " UP");
      }
    }
    assertThat(expected).hasSize(4);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(instances()).isEqualTo(expected));
  }

  private JsonNode read(String pod, String view) throws Exception {
    HttpResponse<String> answer = viewer.get("/instances/" + pod + "/actuator/" + view, ACTUATOR);
    assertThat(answer.statusCode()).as("%s of %s: %s", view, pod, answer.body()).isEqualTo(200);
    return json.readTree(answer.body());
  }

  @Test
  void findsEveryReplicaAndShowsTheStockViewsOfEach() throws Exception {
    awaitAllUp();
    for (String pod : instances().keySet()) {
      // The list of endpoints is read a moment after the health.
      await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> read(pod, "metrics"));
      assertThat(read(pod, "health").path("status").asString("")).isEqualTo("UP");
      assertThat(read(pod, "info").path("java").path("version").asString("")).startsWith("25");
      assertThat(read(pod, "metrics").path("names").toString()).contains("jvm.memory.used");
      assertThat(
              read(pod, "metrics/jvm.threads.live")
                  .path("measurements")
                  .get(0)
                  .path("value")
                  .asDouble(0))
          .isPositive();
      assertThat(
              read(pod, "loggers").path("loggers").path("ROOT").path("effectiveLevel").asString(""))
          .isEqualTo("INFO");
      assertThat(read(pod, "threaddump").path("threads").toString()).contains("threadName");
    }
    assertThat(viewer.get("/", "text/html").body()).contains("<title>Ebb</title>");
  }

  @Test
  void forgetsAReplicaThatIsGoneAndFindsItsSuccessor() throws Exception {
    awaitAllUp();
    String gone = ebb.pods("autoscaler").getFirst();

    ebb.kubectl("delete", "pod", gone, "--grace-period=1");
    ebb.kubectl("rollout", "status", "deployment/ebb-autoscaler", "--timeout=90s");

    awaitAllUp();
    assertThat(instances()).doesNotContainKey(gone);
  }

  @Test
  void changesALogLevelForWhoMayUpdateAndForNobodyElse() throws Exception {
    awaitAllUp();
    String pod = ebb.gateways().getFirst();
    String path = "/instances/" + pod + "/actuator/loggers/" + LOGGER;
    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> read(pod, "loggers"));
    String debug = "{\"configuredLevel\": \"DEBUG\"}";

    assertThat(viewer.post(path, debug).statusCode()).isEqualTo(403);
    assertThat(operator.postWithoutCsrfToken(path, debug).statusCode()).isEqualTo(403);
    assertThat(read(pod, "loggers/" + LOGGER).path("effectiveLevel").asString(""))
        .isEqualTo("INFO");

    assertThat(operator.post(path, debug).statusCode()).isBetween(200, 204);
    assertThat(read(pod, "loggers/" + LOGGER).path("configuredLevel").asString(""))
        .isEqualTo("DEBUG");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThat(
                    ebb.kubectl(
                        "get",
                        "events",
                        "--field-selector=reason=AdminSetLogLevel,involvedObject.name=" + pod,
                        "-o",
                        "jsonpath={.items[*].message}"))
                .contains("Log level of " + LOGGER + " is DEBUG; asked by system:serviceaccount:")
                .doesNotContain("viewer"));
    assertThat(operator.post(path, "{\"configuredLevel\": null}").statusCode()).isBetween(200, 204);
    assertThat(read(pod, "loggers/" + LOGGER).path("effectiveLevel").asString(""))
        .isEqualTo("INFO");
  }

  @ParameterizedTest
  @CsvSource({
    "/,text/html,302",
    "/,application/json,401",
    "/instances,application/json,401",
    "/applications,text/event-stream,401",
    "/instances/x/actuator/health,application/json,401",
    "/actuator/loggers,application/json,401",
    "/actuator/health/readiness,application/json,200",
    "/login,text/html,200"
  })
  void withoutALoginThereIsTheLoginAndNothingElse(String path, String accept, int status)
      throws Exception {
    assertThat(browser().get(path, accept).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest(name = "{0} with a token for {1}: {2}")
  @CsvSource({"stranger,ebb,403", "viewer,other,401"})
  void aLoginNeedsATokenForEbbAndTheRight(String account, String audience, int status)
      throws Exception {
    ConsoleBrowser browser = browser();

    assertThat(browser.login(token(account, audience)).statusCode()).isEqualTo(status);
    assertThat(browser.get("/instances", "application/json").statusCode()).isEqualTo(401);
  }

  @Test
  void nothingIsRegisteredOrRemovedByHttp() throws Exception {
    String own = "{\"name\": \"x\", \"healthUrl\": \"https://192.0.2.1/actuator/health\"}";

    assertThat(operator.post("/instances", own).statusCode()).isEqualTo(403);
    assertThat(operator.delete("/applications/autoscaler").statusCode()).isEqualTo(403);
    awaitAllUp();
  }

  @Test
  void aLogoutEndsTheSession() throws Exception {
    ConsoleBrowser browser = browser();
    assertThat(browser.login(token("viewer", "ebb")).statusCode()).isEqualTo(302);
    assertThat(browser.get("/instances", "application/json").statusCode()).isEqualTo(200);

    assertThat(browser.post("/logout", "").statusCode()).isEqualTo(302);

    assertThat(browser.get("/instances", "application/json").statusCode()).isEqualTo(401);
  }
}
