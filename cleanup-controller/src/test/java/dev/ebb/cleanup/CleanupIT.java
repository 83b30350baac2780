package dev.ebb.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The service as users run it, in this JVM, between a real API server and Kubernetes' own
 * controllers; what the kubelet would say of pods, the tests say.
 */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CleanupIT {

  private static final Path CRDS = Path.of("../charts/ebb/charts/crds/files");
  private static final Duration SOON = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private Cluster cluster;
  private String namespace;
  private ConfigurableApplicationContext service;
  private String base;
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
    kubectl("apply", "-f", Path.of("src/test/resources/admin.yaml").toString());
    service =
        new SpringApplication(CleanupApplication.class)
            .run(
                "--ebb.kubeconfig=" + cluster.kubeconfig(),
                "--ebb.pod.namespace=" + namespace,
                "--ebb.watch-namespaces=" + namespace,
                "--server.port=0",
                "--logging.level.root=warn");
    base = "http://localhost:" + service.getEnvironment().getProperty("local.server.port");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @BeforeEach
  void another() {
    set = "web" + ++number;
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  private void apply(String manifest) {
    try {
      Path file = Files.createTempFile("cleanup", ".yaml");
      Files.writeString(file, manifest);
      kubectl("apply", "-f", file.toString());
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a Parallel or OrderedReady set, and waits for its pods. */
  private void deploy(int replicas, String policy, String... annotations) {
    StringBuilder notes = new StringBuilder();
    for (String annotation : annotations) {
      notes.append("\n    ").append(annotation);
    }
    apply(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: %s
          annotations:
            statefulsets.kubernetes.io/scaledown-pod-template: |
              spec:
                containers: [{name: main, image: x}]%s
        spec:
          serviceName: peers
          replicas: %d
          podManagementPolicy: %s
          selector: {matchLabels: {app: %s}}
          template:
            metadata: {labels: {app: %s}}
            spec:
              containers: [{name: main, image: x}]
          volumeClaimTemplates:
            - metadata: {name: data}
              spec:
                accessModes: [ReadWriteOnce]
                resources: {requests: {storage: 1Mi}}
        """
            .formatted(set, notes, replicas, policy, set, set));
    for (int n = 0; n < replicas; n++) {
      String pod = set + "-" + n;
      eventually(() -> assertThat(exists("pod", pod)).isTrue());
      ready(pod);
    }
  }

  private void ready(String pod) {
    status(
        pod,
        "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}");
  }

  private void status(String pod, String status) {
    kubectl(
        "patch",
        "pod",
        pod,
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":" + status + "}");
  }

  private void succeed(String pod) {
    status(pod, "{\"phase\":\"Succeeded\"}");
  }

  private boolean exists(String kind, String name) {
    return !kubectl("get", kind, name, "--ignore-not-found", "-o", "name").isBlank();
  }

  private String cleanups() {
    return kubectl("get", "pods", "-l", "scaledown-pod", "-o", "name")
        .lines()
        .map(name -> name.replace("pod/", ""))
        .filter(name -> name.startsWith(set + "-"))
        .collect(Collectors.joining(" "));
  }

  private String state(int ordinal) {
    return kubectl(
        "get", "sdc", set + "-" + ordinal, "--ignore-not-found", "-o", "jsonpath={.status.state}");
  }

  private void scale(int replicas) {
    kubectl("scale", "sts", set, "--replicas=" + replicas);
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(50)).untilAsserted(assertion);
  }

  /** T3, T23: the highest ordinal first, one after the other, and told in Events. */
  @Test
  void cleansUpOneAfterTheOther() {
    deploy(3, "OrderedReady");

    scale(1);
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-2"));
    eventually(() -> assertThat(exists("pod", set + "-1")).isFalse());
    assertThat(cleanups()).isEqualTo(set + "-2");
    assertThat(exists("pvc", "data-" + set + "-2")).isTrue();
    succeed(set + "-2");
    eventually(() -> assertThat(exists("pvc", "data-" + set + "-2")).isFalse());
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-1"));
    succeed(set + "-1");
    eventually(() -> assertThat(exists("pvc", "data-" + set + "-1")).isFalse());
    eventually(() -> assertThat(cleanups()).isEmpty());
    assertThat(exists("pvc", "data-" + set + "-0")).isTrue();
    eventually(() -> assertThat(state(2) + state(1)).isEqualTo("DoneDone"));
    eventually(() ->
        assertThat(kubectl("describe", "sts", set))
            .contains("Cleanup Pod " + set + "-2 created in StatefulSet " + set)
            .contains("Cleanup Pod " + set + "-2 completed in StatefulSet " + set)
            .contains("Claim data-" + set + "-1 deleted in StatefulSet " + set));
  }

  /** T11: what had not begun comes back with its data. */
  @Test
  void givesBackWhatHadNotBegun() {
    deploy(2, "OrderedReady");
    String uid = kubectl("get", "pvc", "data-" + set + "-1", "-o", "jsonpath={.metadata.uid}");

    scale(1);
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-1"));
    scale(2);
    eventually(() -> {
      assertThat(cleanups()).isEmpty();
      assertThat(exists("pod", set + "-1")).isTrue();
    });
    assertThat(kubectl("get", "pvc", "data-" + set + "-1", "-o", "jsonpath={.metadata.uid}"))
        .isEqualTo(uid);
  }

  /** T11: what had begun is finished; then the ordinal is back within ten seconds. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void finishesWhatHadBegun(boolean renew) {
    deploy(2, "OrderedReady", "ebb.dev/cleanup-on-return: " + (renew ? "renew" : "keep"));
    String uid = kubectl("get", "pvc", "data-" + set + "-1", "-o", "jsonpath={.metadata.uid}");

    scale(1);
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-1"));
    status(set + "-1", "{\"phase\":\"Running\"}");
    scale(2);
    eventually(() -> assertThat(kubectl("describe", "sts", set)).contains("ScaleUpWaiting"));
    succeed(set + "-1");
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> {
          assertThat(cleanups()).isEmpty();
          assertThat(exists("pod", set + "-1")).isTrue();
        });
    String now = kubectl("get", "pvc", "data-" + set + "-1", "-o", "jsonpath={.metadata.uid}");
    assertThat(now.equals(uid)).isEqualTo(!renew);
  }

  /** T6: however a set is deleted, its ordinals are cleaned up, and then it is gone. */
  @ParameterizedTest
  @ValueSource(strings = {"background", "foreground", "orphan"})
  void cleansUpASetThatIsDeleted(String cascade) {
    deploy(2, "OrderedReady", "ebb.dev/cleanup-on-delete: clean");
    eventually(() ->
        assertThat(kubectl("get", "sts", set, "-o", "jsonpath={.metadata.finalizers}"))
            .contains("scaledown"));

    kubectl("delete", "sts", set, "--cascade=" + cascade, "--wait=false");
    for (int n = 1; n >= 0; n--) {
      String pod = set + "-" + n;
      eventually(() -> assertThat(cleanups()).isEqualTo(pod));
      succeed(pod);
      eventually(() -> assertThat(exists("pvc", "data-" + pod)).isFalse());
    }
    eventually(() -> assertThat(exists("sts", set)).isFalse());
    eventually(() -> assertThat(exists("pod", set + "-0")).isFalse());
  }

  /** T7: by default a set is deleted at once, and its volumes stay. */
  @Test
  void letsASetGoAtOnce() {
    deploy(1, "OrderedReady");

    kubectl("delete", "sts", set, "--timeout=10s");

    assertThat(exists("pvc", "data-" + set + "-0")).isTrue();
    assertThat(cleanups()).isEmpty();
  }

  /** T15, T18: what cannot be used is told once, and acted on within 5 s of its repair. */
  @Test
  void actsOnARepairedTemplateAtOnce() {
    String key = "statefulsets.kubernetes.io/scaledown-pod-template=";
    List<String> bad =
        List.of(
            "{bad",
            "just words",
            "spec: {containers: []}",
            "spec: {containers: [{name: main}]}",
            "spec: {restartPolicy: Always, containers: [{name: main, image: x}]}",
            "spec: {containers: [{name: main, image: x}], volumes: [{name: v, emptyDir: {}}, {name:"
                + " v, emptyDir: {}}]}",
            "metadata: {labels: {app: SET}}\nspec: {containers: [{name: main, image: x}]}");
    List<String> sets = new ArrayList<>();
    for (String template : bad) {
      another();
      sets.add(set);
      deploy(2, "Parallel");
      kubectl("annotate", "--overwrite", "sts", set, key + template.replace("SET", set));
      scale(1);
    }
    for (String one : sets) {
      set = one;
      eventually(() -> assertThat(state(1)).isEqualTo("Blocked"));
      eventually(() -> assertThat(events()).containsExactly("1 Warning InvalidTemplate"));
      assertThat(kubectl("get", "sdc", set + "-1", "-o", "jsonpath={.status.conditions[*].status}"))
          .isEqualTo("False");
    }
    String versions = versions();
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(versions()).as("nothing is written").isEqualTo(versions));
    for (String one : sets) {
      set = one;
      kubectl(
          "annotate",
          "--overwrite",
          "sts",
          set,
          key + "spec: {containers: [{name: main, image: x}]}");
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(cleanups()).isEqualTo(set + "-1"));
    }
  }

  /** Returns how often which Warning was told of the set. */
  private List<String> events() {
    return kubectl(
            "get",
            "events",
            "--field-selector",
            "involvedObject.kind=StatefulSet,type=Warning,involvedObject.name=" + set,
            "-o",
            "jsonpath={range .items[*]}{.count} {.type} {.reason}{\"\\n\"}{end}")
        .lines()
        .distinct()
        .toList();
  }

  private String versions() {
    return kubectl("get", "sts,sdc,pods", "-o", "jsonpath={.items[*].metadata.resourceVersion}");
  }

  /** T9: what failed is held, its volume kept, until somebody says how to go on. */
  @Test
  void holdsWhatFailedUntilARetry() throws Exception {
    deploy(2, "OrderedReady");
    scale(1);
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-1"));
    String uid = kubectl("get", "pod", set + "-1", "-o", "jsonpath={.metadata.uid}");
    status(set + "-1", "{\"phase\":\"Failed\"}");
    eventually(() -> assertThat(state(1)).isEqualTo("Held"));
    eventually(() ->
        assertThat(kubectl("describe", "sts", set)).contains("CleanupFailed", "CleanupBlocked"));
    assertThat(exists("pvc", "data-" + set + "-1")).isTrue();

    String path = "/api/v1/namespaces/" + namespace + "/scaledowncleanups/" + set + "-1";
    assertThat(send(path, "reader", false)).isEqualTo(200);
    assertThat(send(path + "/why", "reader", false)).isEqualTo(200);
    assertThat(send(path + "/retry", "reader", true)).isEqualTo(403);
    assertThat(send(path + "/retry", "operator", true)).isEqualTo(200);
    eventually(() -> {
      assertThat(exists("pod", set + "-1")).isTrue();
      assertThat(kubectl("get", "pod", set + "-1", "-o", "jsonpath={.metadata.uid}"))
          .isNotEqualTo(uid);
    });
    assertThat(send(path + "/skip", "operator", true)).isEqualTo(200);
    eventually(() -> {
      assertThat(cleanups()).isEmpty();
      assertThat(state(1)).isEqualTo("Skipped");
    });
    assertThat(exists("pvc", "data-" + set + "-1")).isTrue();
  }

  private int send(String path, String account, boolean post) throws Exception {
    String token = kubectl("create", "token", account, "--audience=ebb").strip();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer " + token);
    if (post) {
      request.POST(HttpRequest.BodyPublishers.noBody());
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  /** A pod is gone, and its cleanup pod is there within a second. */
  @Test
  void beginsWithinASecond() {
    deploy(1, "Parallel");
    scale(0);
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-0"));
    succeed(set + "-0");
    eventually(() -> assertThat(exists("pvc", "data-" + set + "-0")).isFalse());
    List<String> times =
        List.of(
            kubectl("get", "sdc", set + "-0", "-o", "jsonpath={.status.startedAt}"),
            kubectl("get", "sdc", set + "-0", "-o", "jsonpath={.metadata.creationTimestamp}"));

    assertThat(Duration.between(Instant.parse(times.get(1)), Instant.parse(times.get(0))))
        .isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  /** D2, T14, and the predecessor's lock. */
  @Test
  void doesNothingBesideALivePredecessor() {
    apply(
        """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: statefulset-scaledown-controller}
        spec:
          holderIdentity: host-external-statefulset-scaledown-controller
          leaseDurationSeconds: 3600
          renewTime: "%s"
        """
            .formatted(Instant.now().toString().replaceAll("\\..*Z", ".000000Z")));
    try {
      deploy(2, "OrderedReady");
      scale(1);
      eventually(() -> assertThat(kubectl("describe", "sts", set)).contains("PredecessorActive"));
      assertThat(cleanups()).isEmpty();
    } finally {
      kubectl("delete", "lease", "statefulset-scaledown-controller");
    }
    eventually(() -> assertThat(cleanups()).isEqualTo(set + "-1"));
  }
}
