package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The main job: asleep when nobody asks, awake with the first request, and how it was before. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JourneyST {

  private Ebb ebb;

  @BeforeAll
  void install(Cluster cluster) {
    ebb = Ebb.in(cluster);
  }

  @Test
  void aFirstRequestWakesASleepingWorkloadWhichSleepsAgainAfterwards(
      Cluster cluster, TestNamespace namespace) {
    Workload shop = Workload.create(cluster, namespace.name(), "shop", "4s", 2, 0).awaitAsleep();
    assertThat(shop.kubectl("get", "sr", "shop")).contains("Asleep");
    assertThat(shop.selector()).contains("ebb.dev/behind-gateway");

    String basket = shop.urlByName("/basket?a=1%2F2");
    try (Callers caller = Callers.once(cluster, 1, Duration.ZERO, basket)) {
      List<Callers.Call> calls = caller.awaitAll(Duration.ofSeconds(60));

      assertThat(calls).hasSize(1).allMatch(Callers.Call::good);
      assertThat(calls.getFirst().text())
          .contains("\"target\":\"/basket?a=1%2F2\"")
          .containsPattern("\"pod\":\"shop-[0-9a-z]+-[0-9a-z]+\"");
    }
    assertThat(shop.replicas()).as("as many replicas as before sleep").isEqualTo(2);
    shop.awaitAsleep();
    assertThat(shop.events())
        .contains(
            "BehindGateway",
            "scaleToZeroStarted",
            "scaleToZeroCompleted",
            "scaleFromZeroStarted",
            "scaleFromZeroCompleted");
    assertThat(shop.kubectl("get", "sr", "shop", "-o", "jsonpath={.status.message}"))
        .contains("the first request wakes it");
  }

  @Test
  void anAnnotationIsEnough(Cluster cluster, TestNamespace namespace) {
    Workload plain = Workload.create(cluster, namespace.name(), "plain", "1h", 1, 0).awaitAwake();
    plain.kubectl("delete", "sr", "plain");
    plain.kubectl("annotate", "deployment", "plain", "ebb.dev/scale-to-zero=4s");

    plain.kubectl("wait", "--for=create", "sr/plain-deployment", "--timeout=20s");
    plain.kubectl(
        "wait", "--for=jsonpath={.status.state}=Asleep", "sr/plain-deployment", "--timeout=60s");
    assertThat(plain.replicas()).isZero();

    plain.kubectl("annotate", "deployment", "plain", "ebb.dev/scale-to-zero-");
    plain.kubectl("wait", "--for=delete", "sr/plain-deployment", "--timeout=60s");
    assertThat(plain.replicas()).isEqualTo(1);
    assertThat(plain.selector()).doesNotContain("behind-gateway");
  }

  @Test
  void offIsNotAsleep(Cluster cluster, TestNamespace namespace) {
    Workload off = Workload.create(cluster, namespace.name(), "off", "1h", 1, 0);
    off.awaitAwake().awaitHandedOver().awaitReachable();
    off.kubectl("scale", "deployment/off", "--replicas=0");
    off.kubectl("wait", "--for=jsonpath={.status.state}=Off", "sr/off", "--timeout=30s");

    try (Callers caller = Callers.once(cluster, 1, Duration.ZERO, off.url("/"))) {
      Callers.Call call = caller.awaitAll(Duration.ofSeconds(30)).getFirst();

      assertThat(call.status()).as(call.text()).isEqualTo(503);
      assertThat(call.text()).contains("\"reason\":\"Off\"").contains("adoptZero");
    }
    assertThat(off.replicas()).isZero();
  }

  @Test
  void aWakeThatFailsSaysWhyAndTheNextOneWorks(Cluster cluster, TestNamespace namespace) {
    Workload broken =
        Workload.create(cluster, namespace.name(), "broken", "4s", 1, 0).awaitAsleep();
    broken.kubectl("set", "image", "deployment/broken", "hello=ebb/none:missing");
    broken.kubectl(
        "patch",
        "deployment",
        "broken",
        "--type=json",
        "-p",
        "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/imagePullPolicy\","
            + "\"value\":\"Never\"}]");

    try (Callers caller = Callers.once(cluster, 1, Duration.ZERO, broken.url("/"))) {
      Callers.Call call = caller.awaitAll(Duration.ofSeconds(60)).getFirst();

      assertThat(call.status()).isEqualTo(503);
      assertThat(call.text()).contains("\"reason\":\"ImagePullFailed\"").contains("ebb/none");
    }
    broken.kubectl("set", "image", "deployment/broken", "hello=ebb/sample-hello:0.1.0-SNAPSHOT");
    try (Callers caller = Callers.once(cluster, 1, Duration.ofSeconds(2), broken.url("/"))) {
      assertThat(caller.awaitAll(Duration.ofSeconds(90)).getLast().status()).isEqualTo(200);
    }
  }

  @Test
  void bothServicesTellHowTheyAre(Cluster cluster) {
    for (String service : List.of("ebb-autoscaler", "ebb-dlx-gateway")) {
      String url = "/api/v1/namespaces/ebb-system/services/https:" + service + ":admin/proxy";
      assertThat(ebb.kubectl("get", "--raw", url + "/actuator/health/readiness"))
          .contains("\"status\":\"UP\"");
      assertThat(ebb.kubectl("get", "--raw", url + "/actuator/prometheus"))
          .contains(service.equals("ebb-autoscaler") ? "ebb_autoscaler_resources" : "ebb_gateway");
      assertThat(cluster.kubectl("get", "--raw", url + "/openapi").ok())
          .as("without a token there is no more")
          .isFalse();
    }
  }
}
