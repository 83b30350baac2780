package dev.ebb.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Result;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** ScaleDownPolicies on a real API server: what it refuses, and what becomes of what it takes. */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScaleDownPolicyIT {

  private static final Path CRDS = Path.of("../charts/ebb/charts/crds/files");
  private static final String TEMPLATE =
      "template: {spec: {containers: [{name: drain, image: 'drain:1'}, {name: proxy, image: 'proxy:1'}]}}";

  private Cluster cluster;
  private String namespace;
  private ConfigurableApplicationContext service;
  private int number;
  private String set;

  @BeforeAll
  void start(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    for (String kind : List.of("scaledowncleanups.ebb.dev", "scaledownpolicies.ebb.dev")) {
      String file = CRDS.resolve(kind + ".yaml").toString();
      cluster.kubectl("apply", "--server-side", "-f", file).orThrow();
      cluster.kubectl("wait", "--for=condition=Established", "crd/" + kind).orThrow();
    }
    service =
        new SpringApplication(CleanupApplication.class)
            .run(
                "--ebb.kubeconfig=" + cluster.kubeconfig(),
                "--ebb.pod.namespace=" + namespace,
                "--ebb.watch-namespaces=" + namespace,
                "--server.port=0",
                "--logging.level.root=warn");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @BeforeEach
  void another() {
    set = "db" + ++number;
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  private Result apply(String manifest) {
    try {
      Path file = Files.createTempFile("cleanup", ".yaml");
      Files.writeString(file, manifest);
      Result result = cluster.kubectlIn(namespace, "apply", "-f", file.toString());
      Files.delete(file);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Result policy(String spec) {
    return apply(
        """
        apiVersion: ebb.dev/v1alpha1
        kind: ScaleDownPolicy
        metadata: {name: %s}
        spec: {statefulSet: %s, %s}
        """
            .formatted(set, set, spec));
  }

  private void patch(String spec) {
    kubectl("patch", "sdp", set, "--type=merge", "-p", "{\"spec\":" + spec + "}");
  }

  private void deploy(int replicas) {
    apply(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: %1$s}
            spec:
              serviceName: peers
              replicas: %2$d
              podManagementPolicy: Parallel
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata: {labels: {app: %1$s}}
                spec:
                  containers: [{name: main, image: x}]
              volumeClaimTemplates:
                - metadata: {name: data}
                  spec:
                    accessModes: [ReadWriteOnce]
                    resources: {requests: {storage: 1Mi}}
            """
                .formatted(set, replicas))
        .orThrow();
    eventually(() ->
        assertThat(kubectl("get", "pods", "-l", "app=" + set, "-o", "name").lines())
            .hasSize(replicas));
  }

  private void scale(int replicas) {
    kubectl("scale", "sts", set, "--replicas=" + replicas);
  }

  private String cleanups() {
    return kubectl("get", "pods", "-l", "scaledown-pod", "-o", "name")
        .lines()
        .map(name -> name.replace("pod/", ""))
        .filter(name -> name.startsWith(set + "-"))
        .collect(Collectors.joining(" "));
  }

  private void succeed(String pod, String status) {
    kubectl(
        "patch",
        "pod",
        pod,
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":" + status + "}");
  }

  private String claims() {
    return kubectl("get", "pvc", "-l", "app=" + set, "-o", "jsonpath={.items[*].metadata.name}");
  }

  private String says(String path) {
    return kubectl("get", "sdp", set, "-o", "jsonpath={.status." + path + "}");
  }

  private String ready() {
    return says("conditions[0].status") + " " + says("conditions[0].reason");
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(assertion);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "template: {spec: {containers: []}} | should have at least 1 items",
        "template: {spec: {containers: [{name: a, image: b}], restartPolicy: Always}} | supported"
            + " values",
        "template: {spec: {containers: [{name: a, image: b}, {name: a, image: c}]}} | Duplicate"
            + " value",
        "template: {spec: {containers: [{name: a, image: b}], volumes: [{name: v}, {name: v}]}} |"
            + " Duplicate value",
        "template: {spec: {containers: [{name: a}]}} | image",
        "mustSucceed: [x], template: {spec: {containers: [{name: a, image: b}]}} | write names that"
            + " are in",
        "mustSucceed: [x] | write names that are in",
        "settle: soon | settle",
        "maxParallel: 0 | maxParallel",
        "onFailure: Delete | supported values",
        "inherit: [everything] | supported values",
        "retry: {first: soon} | retry.first"
      })
  void isRefusedWithTheRemedy(String spec, String told) {
    Result result = policy(spec);

    assertThat(result.ok()).isFalse();
    assertThat(result.err()).contains(told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"annotated", "broker", "database", "plain"})
  void takesTheExamples(String example) {
    String file = Path.of("../samples/cleanup", example + ".yaml").toString();

    assertThat(kubectl("apply", "--dry-run=server", "-f", file)).contains("statefulset.apps/");
  }

  @Test
  void staysWithItsSet() {
    policy(TEMPLATE).orThrow();

    Result result =
        cluster.kubectlIn(
            namespace,
            "patch",
            "sdp",
            set,
            "--type=merge",
            "-p",
            "{\"spec\":{\"statefulSet\":\"x\"}}");

    assertThat(result.err()).contains("create one for the other set");
    eventually(() -> assertThat(ready()).isEqualTo("False NoStatefulSet"));
  }

  @Test
  void isActedOnAndSaysSo() {
    policy(TEMPLATE + ", mustSucceed: [drain], maxParallel: 2").orThrow();
    deploy(4);
    eventually(() -> assertThat(says("state") + " " + ready()).isEqualTo("Idle True Enforced"));

    scale(0);
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-2 " + set + "-3"));
    eventually(() ->
        assertThat(says("state") + " " + says("running") + " " + says("waiting"))
            .isEqualTo("Cleaning 2 2"));
    // The other container never ends.
    String done =
        "{\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"drain\",\"image\":\"y\",\"imageID\":\"\",\"ready\":false,\"restartCount\":0,\"state\":{\"terminated\":{\"exitCode\":0}}},{\"name\":\"proxy\",\"image\":\"z\",\"imageID\":\"\",\"ready\":true,\"restartCount\":0,\"state\":{\"running\":{}}}]}";
    for (int n = 3; n > 0; n--) {
      String pod = set + "-" + n;
      eventually(() -> assertThat(cleanups()).contains(pod));
      succeed(pod, done);
    }
    // Nobody is left who could take over what the first one has.
    eventually(() -> assertThat(claims()).isEqualTo("data-" + set + "-0"));
    eventually(() -> assertThat(says("state") + says("waiting")).isEqualTo("Waiting1"));
    assertThat(cleanups()).isEmpty();

    patch("{\"firstOrdinal\":\"Clean\"}");
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-0"));
    succeed(set + "-0", done);
    eventually(() -> assertThat(claims()).isEmpty());
    eventually(() -> assertThat(says("state")).isEqualTo("Idle"));
  }

  @Test
  void actsWhenItIsToldTo() {
    policy(TEMPLATE + ", mode: Observe, claims: Keep").orThrow();
    deploy(2);
    scale(1);
    eventually(() -> assertThat(says("state") + " " + ready()).isEqualTo("Stopped True Observing"));
    assertThat(cleanups()).isEmpty();

    patch("{\"mode\":\"Enforce\"}");
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-1"));
    succeed(set + "-1", "{\"phase\":\"Succeeded\"}");
    eventually(() -> assertThat(cleanups()).isEmpty());
    assertThat(kubectl("get", "sdc", set + "-1", "-o", "jsonpath={.status.state}"))
        .isEqualTo("Kept");
    assertThat(claims()).contains("data-" + set + "-1");
  }

  @Test
  void givesTheNameFreeWhenItIsTakenAway() {
    policy(TEMPLATE + ", onDelete: Clean").orThrow();
    deploy(2);
    eventually(() ->
        assertThat(kubectl("get", "sts", set, "-o", "jsonpath={.metadata.finalizers}"))
            .contains("scaledown"));
    scale(1);
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-1"));

    kubectl("delete", "sdp", set);

    eventually(() -> assertThat(cleanups()).isEmpty());
    assertThat(claims()).contains("data-" + set + "-1");
    eventually(() ->
        assertThat(kubectl("get", "sts", set, "-o", "jsonpath={.metadata.finalizers}")).isEmpty());
  }
}
