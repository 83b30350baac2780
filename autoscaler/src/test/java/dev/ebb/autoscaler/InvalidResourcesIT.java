package dev.ebb.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

/** One bad object gets a condition and an Event that say the remedy, and never stops the others. */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvalidResourcesIT {

  private Cluster cluster;
  private String namespace;
  private ConfigurableApplicationContext autoscaler;

  @BeforeAll
  void start(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    TestAutoscaler.define(cluster);
    kubectl("apply", "-f", Path.of("src/test/resources/invalid.yaml").toString());
    autoscaler = TestAutoscaler.start(cluster, namespace);
  }

  @AfterAll
  void stop() {
    autoscaler.close();
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource({
    "no-target,TargetFound,TargetNotFound,spec.targetRef,create it",
    "no-kind,TargetFound,TargetNotFound,spec.targetRef,correct spec.targetRef",
    "negative,SpecValid,InvalidDuration,spec.idleAfter,write for example",
    "headless,ServicesMapped,Unsupported,spec.services,name another one",
    "missing-service,ServicesMapped,ServiceNotFound,spec.services,create it or correct the name"
  })
  void isToldOfByConditionAndEvent(
      String name, String condition, String reason, String field, String remedy) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(condition(name, condition, "status")).isEqualTo("False");
          assertThat(condition(name, condition, "reason")).isEqualTo(reason);
          assertThat(condition(name, condition, "message")).contains(field).contains(remedy);
          assertThat(condition(name, "Ready", "status")).isEqualTo("False");
          assertThat(events(name))
              .anySatisfy(event -> assertThat(event).contains(reason, field, remedy));
        });
  }

  @Test
  void doesNotStopTheOthers() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(condition("good", "SpecValid", "status")).isEqualTo("True");
          assertThat(condition("good", "TargetFound", "status")).isEqualTo("True");
          assertThat(condition("good", "ServicesMapped", "message")).contains("good");
          assertThat(kubectl("get", "sr", "good", "-o", "jsonpath={.metadata.finalizers}"))
              .contains("ebb.dev/autoscaler");
          assertThat(condition("good", "GatewayReady", "reason")).isEqualTo("NoGatewayReady");
        });
  }

  @Test
  void idleMeansNoWrites() {
    doesNotStopTheOthers();
    String versions =
        "jsonpath={range .items[*]}{.metadata.name}={.metadata.resourceVersion} {end}";
    String before = kubectl("get", "sr,services,deployments", "-o", versions);

    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(20))
        .until(() -> kubectl("get", "sr,services,deployments", "-o", versions).equals(before));
  }

  private String condition(String name, String type, String field) {
    return kubectl(
        "get",
        "sr",
        name,
        "-o",
        "jsonpath={.status.conditions[?(@.type==\"" + type + "\")]." + field + "}");
  }

  private List<String> events(String name) {
    String out =
        kubectl(
            "get",
            "events",
            "--field-selector",
            "involvedObject.kind=ScaledResource,involvedObject.name=" + name,
            "-o",
            "jsonpath={range .items[*]}{.reason} {.message}{\"\\n\"}{end}");
    return Arrays.asList(out.split("\n", -1));
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }
}
