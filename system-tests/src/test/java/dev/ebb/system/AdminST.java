package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin API as the docs tell to call it: by a token for Ebb, over TLS that can be verified. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminST {

  private Cluster cluster;
  private String namespace;
  private AdminPort port;
  private HttpClient client;

  @BeforeAll
  void start(Cluster shared, TestNamespace own) throws Exception {
    cluster = shared;
    namespace = own.name();
    Ebb.in(cluster);
    Workload.create(cluster, namespace, "shop", "1h", 1, 0).awaitAwake().awaitHandedOver();
    kubectl("create", "serviceaccount", "reader");
    kubectl("create", "serviceaccount", "stranger");
    kubectl("create", "rolebinding", "reader", "--clusterrole=view", account("reader"));
    cluster
        .kubectl(
            "create",
            "clusterrole",
            namespace,
            "--verb=get",
            "--non-resource-url=/openapi,/actuator/loggers")
        .orThrow();
    cluster
        .kubectl(
            "create",
            "clusterrolebinding",
            namespace,
            "--clusterrole=" + namespace,
            account("reader"))
        .orThrow();
    port = AdminPort.of(cluster, "service/ebb-autoscaler");
    client = HttpClient.newBuilder().sslContext(port.trust()).build();
  }

  @AfterAll
  void stop() {
    port.close();
    cluster.kubectl("delete", "clusterrole,clusterrolebinding", namespace);
  }

  private String account(String name) {
    return "--serviceaccount=" + namespace + ":" + name;
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(port.uri(path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String token(String account, String audience) {
    return kubectl("create", "token", account, "--audience=" + audience).strip();
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  @Test
  void saysWhyAWorkloadIsUp() throws Exception {
    String path = "/api/v1/namespaces/" + namespace + "/scaledresources/shop";
    String reader = token("reader", "ebb");

    assertThat(get(path, reader).body()).contains("\"state\":\"Awake\"");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(get(path + "/why", reader).body())
                .contains("\"shut\":[\"Idle\"]")
                .contains("sleeps after 1h"));
    assertThat(get("/openapi", reader).body()).contains("/scaledresources/{name}/why");
    HttpResponse<String> unknown = get(path + "-none", reader);
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(unknown.body()).contains("kubectl get sr -A");
  }

  @ParameterizedTest(name = "{0} with a token for {1}: {2}")
  @CsvSource({"reader,ebb,200", "stranger,ebb,403", "reader,other,401", ",,401"})
  void answersWhoMayAsk(String account, String audience, int status) throws Exception {
    String path = "/api/v1/namespaces/" + namespace + "/scaledresources/shop";

    assertThat(get(path, account == null ? null : token(account, audience)).statusCode())
        .isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "/actuator/health/liveness,200",
    "/actuator/health/readiness,200",
    "/actuator/prometheus,200",
    "/actuator/loggers,401",
    "/actuator/env,401",
    "/internal/v1/activity,401"
  })
  void withoutATokenThereIsHealthAndNothingElse(String path, int status) throws Exception {
    assertThat(get(path, null).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"/actuator/loggers,200", "/actuator/env,403", "/internal/v1/activity,403"})
  void aTokenOpensWhatItsHolderMayAndNoMore(String path, int status) throws Exception {
    assertThat(get(path, token("reader", "ebb")).statusCode()).isEqualTo(status);
  }
}
