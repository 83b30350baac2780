package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.cli.Repository;
import dev.ebb.localcluster.cli.Suite;
import dev.ebb.localcluster.http.Dialing;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a user of 3S moves, by the command that installed 3S; and that nobody who connects to a
 * Service is refused while the pods behind it come and go.
 */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SelectorST {

  private static final String SET = "statefulset/buildkit-service";
  private static final String POD = "statefulset.kubernetes.io/pod-name";
  private static final int SERVICES = 8;
  private static final Duration SOON = Duration.ofSeconds(90);

  private Path folder;
  private Cluster cluster;
  private String namespace;
  private Ebb ebb;

  @BeforeAll
  void start(Cluster shared, TestNamespace own, @TempDir Path temporary) throws IOException {
    folder = temporary;
    cluster = shared;
    namespace = own.name();
    ebb = Ebb.in(cluster);
    StringBuilder yaml = new StringBuilder(Workload.resource("selector.yaml"));
    for (int i = 0; i < SERVICES; i++) {
      yaml.append(
          """
          ---
          apiVersion: v1
          kind: Service
          metadata: {name: svc-%d}
          spec:
            selector: {app.kubernetes.io/name: buildkit-service}
            ports: [{name: http, port: 80, targetPort: http}]
          """
              .formatted(i));
    }
    kubectl("apply", "-f", Files.writeString(folder.resolve("all.yaml"), yaml).toString());
  }

  @AfterAll
  void stop() {
    cluster.helm("uninstall", "3s", "--namespace", namespace, "--wait");
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out().strip();
  }

  private static void eventually(Callable<Boolean> holds) {
    await().pollInterval(Duration.ofMillis(250)).atMost(SOON).until(holds);
  }

  /** Which pod each Service points at. */
  private Map<String, String> map() {
    String path =
        "jsonpath={range .items[*]}{.metadata.name} {.spec.selector.%s}{\"\\n\"}{end}"
            .formatted(POD.replace(".", "\\."));
    return kubectl("get", "services", "-o", path)
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(words -> words[0].startsWith("svc-") && words.length == 2 && !words[1].isEmpty())
        .collect(Collectors.toMap(words -> words[0], words -> words[1], (a, b) -> b, TreeMap::new));
  }

  /** All Services are shared out among the first so many pods, evenly. */
  private boolean sharedAmong(int pods) {
    Map<String, String> map = map();
    Map<String, Long> counts =
        map.values().stream().collect(Collectors.groupingBy(p -> p, Collectors.counting()));
    Set<String> wanted =
        IntStream.range(0, pods).mapToObj(i -> "buildkit-service-" + i).collect(Collectors.toSet());
    return map.size() == SERVICES
        && counts.keySet().equals(wanted)
        && counts.values().stream().allMatch(n -> n == SERVICES / pods || n == SERVICES / pods + 1);
  }

  private Map<String, URI> addresses() {
    Map<String, URI> addresses = new TreeMap<>();
    for (int i = 0; i < SERVICES; i++) {
      String ip = kubectl("get", "service", "svc-" + i, "-o", "jsonpath={.spec.clusterIP}");
      addresses.put("svc-" + i, URI.create("http://" + ip + "/"));
    }
    return addresses;
  }

  private String deployment() {
    return "deployment/ebb-3s-" + namespace;
  }

  private static String chart() {
    return Repository.own().root().resolve("charts/3s").toString();
  }

  @Test
  @Order(1)
  void theCommandThatInstalled3sInstallsItsSuccessor() {
    // T-A18, A-D13, A-D14: word for word as 3S's README has it, in charts/3s.
    String notes =
        cluster
            .helm(
                "upgrade",
                "--install",
                "3s",
                chart(),
                "--namespace",
                namespace,
                "--set",
                "podSelector=app.kubernetes.io/name=buildkit-service",
                "--set",
                "statefulsetNameFormat=buildkit-service-%d",
                "--set",
                "servicePrefix=svc-")
            .orThrow()
            .out();

    assertThat(notes).contains("statefulsetNameFormat has no effect");
    kubectl("rollout", "status", deployment(), "--timeout=90s");
    kubectl("rollout", "status", SET, "--timeout=90s");
    eventually(() -> sharedAmong(3));
    assertThat(kubectl("get", "service", "svc-0", "-o", "jsonpath={.spec.selector}"))
        .as("one key is set, the others stay")
        .contains("\"app.kubernetes.io/name\":\"buildkit-service\"");
  }

  @Test
  @Order(1)
  void aPullPolicyIsAPullPolicy() {
    // A-D12, A-D15
    String rendered =
        cluster
            .helm(
                "template",
                "3s",
                chart(),
                "--set",
                "image.pullPolicy=Always",
                "--set",
                "image.tag=1.2.3")
            .orThrow()
            .out();

    assertThat(rendered)
        .contains(
            "name: servicepools.ebb.dev",
            "imagePullPolicy: Always",
            "image: ebb/selector-operator:1.2.3")
        .contains("runAsNonRoot: true", "readinessProbe:", "memory: 384Mi");
  }

  @Test
  @Order(2)
  void nobodyIsRefusedWhileTheSetGrowsShrinksAndRolls() {
    // T-A18: one new connection a millisecond; pods have a preStop of five seconds.
    try (Dialing dialing = Dialing.start(cluster, Duration.ofMillis(1), 20, addresses())) {
      kubectl("scale", SET, "--replicas=8");
      eventually(() -> sharedAmong(8));
      kubectl("scale", SET, "--replicas=2");
      eventually(() -> sharedAmong(2));
      eventually(() -> kubectl("get", "pods", "-l", "apps.kubernetes.io/pod-index=7").isEmpty());
      kubectl("rollout", "restart", SET);
      kubectl("rollout", "status", SET, "--timeout=90s");
      eventually(() -> sharedAmong(2));
      Map<String, Dialing.Target> ends = dialing.end();

      System.err.println("connections while 3 → 8 → 2 and a rollout: " + ends);
      // A node that starts five pods at once may let an answer wait; a connection it must not.
      assertThat(dialing.failures())
          .as("refused, or cut")
          .allMatch(failure -> failure.text().contains("Read timed out"));
      assertThat(ends).hasSize(SERVICES);
      assertThat(ends.values()).allMatch(t -> t.failures() == 0 && t.gapMillis() == 0);
      int all = ends.values().stream().mapToInt(Dialing.Target::connections).sum();
      assertThat(all).isGreaterThan(10_000);
      assertThat(pods(dialing.answers())).as("pods that answered").hasSizeGreaterThan(5);
    }
  }

  private static Set<String> pods(List<Dialing.Line> answers) {
    Set<String> pods = new HashSet<>();
    answers.forEach(a -> pods.add(a.text().replaceFirst(".*\"pod\":\"([^\"]*)\".*", "$1")));
    return pods;
  }

  @Test
  @Order(3)
  void oneOfTwoReplicasWritesAndTheOtherGoesOnWhenItIsKilled() {
    // T-A15, A-D16
    String[] two = {
      "upgrade", "3s", chart(), "-n", namespace, "--reuse-values", "--set", "highAvailability=true"
    };
    cluster.helm(two).orThrow();
    kubectl("rollout", "status", deployment(), "--timeout=90s");
    eventually(() -> !holder().isEmpty());
    assertThat(kubectl("get", "pods", "-l", "app.kubernetes.io/instance=3s", "-o", "name").lines())
        .hasSizeGreaterThanOrEqualTo(2);
    String leader = holder();

    cluster.killPod(namespace, leader);
    kubectl("scale", SET, "--replicas=4");
    eventually(() -> sharedAmong(4));

    assertThat(holder()).isNotEmpty();
  }

  /** The pod that leads. */
  private String holder() {
    String identity =
        kubectl(
            "get",
            "lease",
            "ebb-selector-operator",
            "--ignore-not-found",
            "-o",
            "jsonpath={.spec.holderIdentity}");
    return identity.replaceFirst("[_/ ].*", "");
  }

  @Test
  @Order(0)
  void theSampleIsShownPausedAndSimulated() {
    ebb.upgrade("--set", "selector-operator.enabled=true");
    Path sample = Repository.own().root().resolve("samples/service-pool/k8s.yaml");
    String other = namespace + "-pool";
    cluster.kubectl("create", "namespace", other).orThrow();
    try {
      cluster.kubectlIn(other, "apply", "-f", sample.toString()).orThrow();
      String ready = "condition=Ready";
      cluster
          .kubectlIn(other, "wait", "--for=" + ready, "svcpool/cache", "--timeout=90s")
          .orThrow();
      KubectlEbb cli = new KubectlEbb(cluster, folder);

      assertThat(cluster.kubectlIn(other, "get", "svcpool").orThrow().out())
          .containsPattern("SERVICES +PODS +ELIGIBLE +IMBALANCE +MOVES")
          .containsPattern("cache +True +8 +");
      assertThat(cli.good("status", "-n", other).out())
          .containsPattern("ebb-selector-operator +1/1")
          .containsPattern("svcpool/cache +Sticky +8 ");
      eventually(() -> cli.good("why", "svcpool/cache", "-n", other).out().contains("svc-7"));
      assertThat(cli.good("simulate", "svcpool/cache", "--pods", "4", "-n", other).out())
          .contains("cache-3", "of 8 Services would move");
      assertThat(cli.good("pause", "svcpool/cache", "-n", other, "--for", "1h").out())
          .contains("svcpool/cache: paused until 20");
      eventually(() -> cli.good("why", "svcpool/cache", "-n", other).out().contains("Paused"));
      assertThat(cli.good("resume", "svcpool/cache", "-n", other).out()).contains("Enforce");
      // BuildKit itself is not run here: its objects are ones that the API server takes.
      Path buildkit = Repository.own().root().resolve("samples/buildkit/k8s.yaml");
      cluster.kubectlIn(other, "apply", "--dry-run=server", "-f", buildkit.toString()).orThrow();
      itsAccountMayWriteSelectorsAndNothingElse(other);
    } finally {
      cluster.kubectl("delete", "namespace", other, "--wait=false");
      ebb.upgrade();
    }
  }

  private void itsAccountMayWriteSelectorsAndNothingElse(String other) {
    // kubectl reads before it patches; the service does not.
    cluster
        .kubectlIn(other, "create", "role", "reader", "--verb=get", "--resource=services")
        .orThrow();
    cluster
        .kubectlIn(
            other,
            "create",
            "rolebinding",
            "reader",
            "--role=reader",
            "--serviceaccount=" + Suite.NAMESPACE + ":ebb-selector-operator")
        .orThrow();
    String account = "--as=system:serviceaccount:" + Suite.NAMESPACE + ":ebb-selector-operator";
    for (String patch :
        List.of(
            "{\"spec\":{\"selector\":{\"app\":\"other\"}}}",
            "{\"spec\":{\"ports\":[{\"port\":81}]}}",
            "{\"spec\":{\"sessionAffinity\":\"ClientIP\"}}",
            "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}")) {
      assertThat(
              cluster
                  .kubectlIn(
                      other, "patch", "service", "cache", "--type=merge", "-p", patch, account)
                  .err())
          .contains("this account may");
    }
  }
}
