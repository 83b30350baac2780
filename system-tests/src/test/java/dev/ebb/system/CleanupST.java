package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Result;
import dev.ebb.localcluster.cli.Repository;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped cleanup-controller on real volumes: what scaled-down sets leave behind is handed over
 * by real pods, and freed.
 */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CleanupST {

  private static final Duration SOON = Duration.ofSeconds(120);
  private static final int EACH = 20;

  @TempDir private Path folder;
  private Cluster cluster;
  private String namespace;
  private Ebb ebb;

  @BeforeAll
  void install(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    ebb = Ebb.in(cluster);
    ebb.upgrade("--set", "cleanup-controller.enabled=true");
  }

  @AfterAll
  void leave() {
    ebb.upgrade();
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out().strip();
  }

  private void sample(String name) {
    String file = Repository.own().root().resolve("samples/cleanup/" + name + ".yaml").toString();
    kubectl("apply", "-f", file);
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
  }

  private void scale(String set, int replicas) {
    kubectl("scale", "sts", set, "--replicas=" + replicas);
  }

  private void awaitReady(String set, int replicas) {
    eventually(() ->
        assertThat(kubectl("get", "sts", set, "-o", "jsonpath={.status.readyReplicas}"))
            .isEqualTo(Integer.toString(replicas)));
  }

  private String at(String pod, String path) {
    String address = kubectl("get", "pod", pod, "-o", "jsonpath={.status.podIP}");
    return Fetch.text(cluster, "http://" + address + ":8080" + path);
  }

  private List<String> fill(String set, int members) {
    List<String> messages = new ArrayList<>();
    for (int n = 0; n < members; n++) {
      at(set + "-" + n, "/fill?count=" + EACH);
      messages.addAll(at(set + "-" + n, "/messages").lines().toList());
    }
    assertThat(messages).hasSize(members * EACH);
    return messages;
  }

  private List<String> claims(String set) {
    String out =
        kubectl("get", "pvc", "-l", "app=" + set, "-o", "jsonpath={.items[*].metadata.name}");
    return out.isEmpty() ? List.of() : List.of(out.split(" ", -1));
  }

  private List<String> volumes() {
    String out =
        cluster
            .kubectl(
                "get",
                "pv",
                "-o",
                "jsonpath={range .items[?(@.spec.claimRef.namespace==\""
                    + namespace
                    + "\")]}{.spec.claimRef.name} {end}")
            .orThrow()
            .out()
            .strip();
    return out.isEmpty() ? List.of() : List.of(out.split(" ", -1));
  }

  private String state(String cleanup) {
    return kubectl("get", "sdc", cleanup, "--ignore-not-found", "-o", "jsonpath={.status.state}");
  }

  @Test
  @Order(1)
  void membersThatGoHandOverTheirDataAndTheirVolumesAreFreed() {
    sample("annotated");
    awaitReady("ledger", 3);
    List<String> messages = fill("ledger", 3);

    scale("ledger", 1);

    eventually(() -> assertThat(state("ledger-2") + state("ledger-1")).isEqualTo("DoneDone"));
    assertThat(at("ledger-0", "/messages").lines()).containsExactlyInAnyOrderElementsOf(messages);
    assertThat(claims("ledger")).containsExactly("data-ledger-0");
    eventually(() -> assertThat(volumes()).containsExactly("data-ledger-0"));
    String first = "jsonpath={.status.finishedAt}";
    assertThat(kubectl("get", "sdc", "ledger-2", "-o", first))
        .isLessThanOrEqualTo(
            kubectl("get", "sdc", "ledger-1", "-o", "jsonpath={.status.startedAt}"));
    assertThat(kubectl("describe", "sts", "ledger"))
        .contains("SuccessfulCreate", "CleanupSuccess", "SuccessfulDelete");
  }

  @Test
  @Order(2)
  void aMemberThatComesBackBeginsWithAnEmptyVolume() {
    scale("ledger", 2);

    awaitReady("ledger", 2);
    assertThat(at("ledger-1", "/messages")).isEmpty();
  }

  @Test
  @Order(3)
  void whatFailsIsHeldAndSteeredByKubectlEbb() {
    KubectlEbb cli = new KubectlEbb(cluster, folder);
    kubectl(
        "annotate",
        "--overwrite",
        "sts",
        "ledger",
        "statefulsets.kubernetes.io/scaledown-pod-template=spec: {restartPolicy: Never, containers:"
            + " [{name: x, image: \"ebb/sample-hello:0.1.0-SNAPSHOT\", args: [explode]}]}");

    scale("ledger", 1);

    eventually(() -> assertThat(state("ledger-1")).isEqualTo("Held"));
    assertThat(cli.good("status", "-n", namespace).out())
        .containsPattern("ebb-cleanup-controller +1/1")
        .containsPattern("sdc/ledger-1 +Held .*exit code 1");
    assertThat(cli.good("why", "sdc/ledger-1", "-n", namespace).out()).contains("State:     Held");
    assertThat(cli.good("skip", "sdc/ledger-1", "-n", namespace).out()).contains("asked for");
    eventually(() -> assertThat(state("ledger-1")).isEqualTo("Skipped"));
    assertThat(claims("ledger")).containsExactly("data-ledger-0", "data-ledger-1");
    assertThat(kubectl("get", "pods", "-l", "scaledown-pod", "-o", "name")).isEmpty();
  }

  @Test
  @Order(4)
  void theExamplesDoWhatTheySay() {
    List<String> examples = List.of("broker", "database", "plain");
    examples.forEach(this::sample);
    awaitReady("broker", 3);
    awaitReady("database", 2);
    awaitReady("cache", 2);
    List<String> messages = fill("broker", 3);
    List<String> entries = fill("database", 2);

    scale("broker", 1);
    scale("cache", 0);
    kubectl("delete", "sts", "database", "--wait=false");

    eventually(() -> assertThat(claims("broker")).containsExactly("data-broker-0"));
    assertThat(at("broker-0", "/messages").lines()).containsExactlyInAnyOrderElementsOf(messages);
    eventually(() -> assertThat(claims("cache")).isEmpty());
    eventually(() -> assertThat(claims("database")).isEmpty());
    eventually(() -> assertThat(kubectl("get", "sts", "-o", "name")).doesNotContain("database"));
    eventually(() ->
        assertThat(volumes())
            .containsExactlyInAnyOrder(
                "backup", "data-broker-0", "data-ledger-0", "data-ledger-1"));
    eventually(() ->
        assertThat(kubectl("get", "sdp", "broker", "-o", "jsonpath={.status.state}"))
            .isEqualTo("Idle"));
    assertThat(restored("database-1")).isEqualTo(entries.subList(EACH, 2 * EACH));
  }

  /** Starts a database on what was dumped of a member, and reads it. */
  private List<String> restored(String member) {
    String overrides =
        """
        {"apiVersion": "v1", "spec": {
          "securityContext": {"runAsNonRoot": true, "runAsUser": 65532, "fsGroup": 65532},
          "containers": [{"name": "restored", "image": "ebb/sample-hello:0.1.0-SNAPSHOT", "args": ["broker", "/backup/%s"],
            "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 1},
            "volumeMounts": [{"name": "backup", "mountPath": "/backup"}]}],
          "volumes": [{"name": "backup", "persistentVolumeClaim": {"claimName": "backup"}}]}}
        """
            .formatted(member);
    kubectl(
        "run", "restored", "--image=ebb/sample-hello:0.1.0-SNAPSHOT", "--overrides=" + overrides);
    kubectl("wait", "--for=condition=Ready", "pod/restored", "--timeout=60s");
    return at("restored", "/messages").lines().toList();
  }

  @Test
  @Order(5)
  void itsAccountMayMakeCleanupPodsAndNoOthers() {
    String account = "--as=system:serviceaccount:ebb-system:ebb-cleanup-controller";
    Result pod =
        cluster.kubectlIn(
            namespace, "run", "mine", "--image=ebb/sample-hello:0.1.0-SNAPSHOT", account);
    assertThat(pod.err()).contains("this account may make cleanup pods, and no others");
    Result scaled =
        cluster.kubectlIn(
            namespace,
            "patch",
            "sts",
            "ledger",
            "--type=merge",
            "-p",
            "{\"spec\":{\"replicas\":9}}",
            account);
    assertThat(scaled.err()).contains("this account may annotate StatefulSets");
  }
}
