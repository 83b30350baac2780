package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Result;
import dev.ebb.localcluster.cli.Repository;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a user of service-scaler moves: Ebb is installed beside their definition, then over it with
 * objects in it; HPAs follow, can be switched off, and get back what they said.
 */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TimeScalerST {

  private static final String CRD = "servicescalers.scaler.udaan.io";
  private static final Duration SOON = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private Cluster cluster;
  private String namespace;
  private Ebb ebb;

  @BeforeAll
  void install(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    ebb = Ebb.in(cluster);
    ebb.upgrade();
    cluster.kubectl("delete", "crd", CRD, "--ignore-not-found").orThrow();
    Path theirs = root("time-scaler/src/test/resources/service-scaler.yaml");
    cluster.kubectl("apply", "-f", theirs.toString()).orThrow();
    cluster.kubectl("wait", "--for=condition=Established", "crd/" + CRD).orThrow();
  }

  @AfterAll
  void leave() {
    ebb.upgrade();
  }

  private static Path root(String path) {
    return Repository.own().root().resolve(path);
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out().strip();
  }

  private void apply(String yaml) {
    kubectl("apply", "-f", write("object.yaml", yaml).toString());
  }

  private Path write(String name, String yaml) {
    try {
      return Files.writeString(folder.resolve(name), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String hpa(String name, String path) {
    Result result = cluster.kubectlIn(namespace, "get", "hpa", name, "-o", "jsonpath=" + path);
    return result.ok() ? result.out() : "";
  }

  private String bounds(String name) {
    return hpa(name, "{.spec.minReplicas}/{.spec.maxReplicas}");
  }

  private static void eventually(Callable<Boolean> holds) {
    await().atMost(SOON).until(holds);
  }

  private static String scaler(String name, String hpa, String ranges) {
    return """
    apiVersion: scaler.udaan.io/v1
    kind: ServiceScaler
    metadata: {name: %s}
    spec:
      hpa: {%s}
      timeRangeSpec: [%s]
    """
        .formatted(name, hpa, ranges);
  }

  private static String range(Instant from, Instant to, String hpa) {
    return "{kind: ZonedDateTime, from: \"%s\", to: \"%s\", replicaSpec: {hpa: {%s}}}"
        .formatted(from, to, hpa);
  }

  @Test
  @Order(1)
  void isInstalledOverServiceScalersDefinitionWithObjectsInItWhenAskedTo() {
    Instant past = Instant.parse("2024-01-01T00:00:00Z");
    apply(
        scaler(
            "old",
            "minReplicas: 1, maxReplicas: 1",
            range(past, Instant.parse("2099-01-01T00:00:00Z"), "minReplicas: 2, maxReplicas: 3")));
    kubectl(
        "patch",
        "servicescaler",
        "old",
        "--type=merge",
        "-p",
        "{\"metadata\":{\"finalizers\":[\"servicescalers.scaler.udaan.io/finalizer\"]}}");
    kubectl("create", "deployment", "old", "--image=ebb/sample-hello:0.1.0-SNAPSHOT");
    kubectl("autoscale", "deployment", "old", "--min=1", "--max=4", "--cpu=50%");

    // Their definition is not taken away from whoever manages it by accident.
    assertThatThrownBy(() -> ebb.upgrade("--set", "time-scaler.enabled=true"))
        .hasMessageContaining(CRD);
    assertThat(bounds("old")).isEqualTo("1/4");

    ebb.upgrade(
        "--set",
        "time-scaler.enabled=true",
        "--set-json",
        "time-scaler.scaleTargets=[{\"apiGroup\":\"apps\",\"version\":\"v1\",\"resource\":\"deployments\",\"kind\":\"Deployment\"}]",
        "--take-ownership",
        "--force-conflicts");

    eventually(() -> bounds("old").equals("2/2"));
    eventually(() -> kubectl("get", "ss", "old").contains("True"));
    assertThat(kubectl("get", "ss", "old")).contains("READY", "NEXT", "True");
    assertThat(kubectl("get", "ss", "old", "-o", "jsonpath={.metadata.finalizers}")).isEmpty();
    eventually(() -> pods("old").equals("2"));
  }

  private String pods(String deployment) {
    return kubectl("get", "deployment", deployment, "-o", "jsonpath={.status.readyReplicas}");
  }

  @Test
  @Order(2)
  void anHpaAndItsPodsFollowTheClock() {
    kubectl("create", "deployment", "clock", "--image=ebb/sample-hello:0.1.0-SNAPSHOT");
    Instant from = Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.SECONDS);
    apply(
        scaler(
            "clock",
            "minReplicas: 1, maxReplicas: 3, targetCPUUtilization: 80",
            range(from, from.plusSeconds(3600), "minReplicas: 3")));

    // On its way up: five of six steps are taken.
    eventually(() -> bounds("clock").equals("2/3"));
    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(SOON)
        .until(() -> bounds("clock").equals("3/3"));

    assertThat(Instant.now()).isBetween(from, from.plusSeconds(5));
    eventually(() -> pods("clock").equals("3"));
    assertThat(kubectl("get", "events", "-o", "jsonpath={.items[*].reason}"))
        .contains("HpaCreated", "HpaChanged", "RangeChanged");
  }

  @Test
  @Order(3)
  void whatIsSwitchedOffIsLeftAloneUntilItIsNot() {
    kubectl("annotate", "hpa", "old", "service-scaler.kubernetes.io/managed=false");
    eventually(() -> kubectl("get", "ss", "old", "-o", "wide").contains("is left alone"));
    kubectl("patch", "hpa", "old", "--type=merge", "-p", "{\"spec\":{\"maxReplicas\":5}}");
    await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> bounds("old").equals("2/5"));

    kubectl("annotate", "hpa", "old", "service-scaler.kubernetes.io/managed-");

    eventually(() -> bounds("old").equals("2/2"));
  }

  @Test
  @Order(4)
  void isSeenAndSteeredByKubectlEbb() {
    KubectlEbb cli = new KubectlEbb(cluster, folder);

    assertThat(cli.good("status", "-n", namespace).out())
        .containsPattern("ebb-time-scaler +1/1")
        .containsPattern("ss/old +2024-01-01T00:00:00Z to 2099-\\S+ +2 +2 ");
    assertThat(cli.good("why", "ss/old", "-n", namespace).out())
        .contains("nothing: the HPA says what is in force", "min 2, max 3");
    assertThat(cli.good("pause", "ss/old", "-n", namespace, "--for", "1h").out())
        .contains("ss/old: paused until 20");
    eventually(() -> cli.good("why", "ss/old", "-n", namespace).out().contains("says Paused"));
    assertThat(cli.good("resume", "ss/old", "-n", namespace).out()).contains("it is on Enforce");
    KubectlEbb.Call wake = cli.run("wake", "ss/old", "-n", namespace);
    assertThat(wake.exitCode()).isEqualTo(2);
    assertThat(wake.err()).contains("ss/old");
  }

  @Test
  @Order(5)
  void itsAccountMayChangeBoundsAndNothingElse() {
    // kubectl reads before it patches; the service does not.
    String reader = "--serviceaccount=ebb-system:ebb-time-scaler";
    kubectl("create", "role", "reader", "--verb=get", "--resource=horizontalpodautoscalers");
    kubectl("create", "rolebinding", "reader", "--role=reader", reader);
    String account = "--as=system:serviceaccount:ebb-system:ebb-time-scaler";
    String behavior = "{\"spec\":{\"behavior\":{\"scaleDown\":{\"selectPolicy\":\"Disabled\"}}}}";
    String target = "{\"spec\":{\"scaleTargetRef\":{\"name\":\"other\"}}}";
    for (String patch : List.of(behavior, target, "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}")) {
      Result result =
          cluster.kubectlIn(namespace, "patch", "hpa", "old", "--type=merge", "-p", patch, account);
      assertThat(result.err()).contains("this account may");
    }
    String mine =
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: mine}
        spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: old}, maxReplicas: 9}
        """;
    String file = write("mine.yaml", mine).toString();
    Result made = cluster.kubectlIn(namespace, "create", "--validate=false", "-f", file, account);
    assertThat(made.err()).contains("this account may make the HPA of a ServiceScaler");
  }

  @Test
  @Order(6)
  void whatWasFoundGetsBackWhatItSaidAndWhatWasMadeGoes() {
    kubectl("delete", "ss", "old", "clock", "--timeout=30s");

    eventually(() -> bounds("old").equals("1/4"));
    assertThat(hpa("old", "{.metadata.annotations}")).doesNotContain("ebb.dev");
    eventually(() -> bounds("clock").isEmpty());
  }

  private static String schedule(String name, String target, String windows) {
    return """
    apiVersion: ebb.dev/v1alpha1
    kind: ScalingSchedule
    metadata: {name: %s}
    spec:
      targetRef: {%s, name: %s}
      windows: [%s]
    """
        .formatted(name, target, name, windows);
  }

  private static String once(String name, Instant from, String set) {
    return "{name: %s, once: {from: \"%s\", to: \"%s\"}, set: {%s}}"
        .formatted(name, from, from.plusSeconds(3600), set);
  }

  @Test
  @Order(7)
  void aScheduleLetsAnHpaFollowAndGivesItBack() {
    Instant from = Instant.now().plusSeconds(10).truncatedTo(ChronoUnit.SECONDS);
    String hpa = "apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler";

    apply(schedule("old", hpa, once("rush", from, "minReplicas: 3")));

    eventually(() -> kubectl("get", "ssched", "old").contains("baseline"));
    assertThat(bounds("old")).isEqualTo("1/4");
    eventually(() -> bounds("old").equals("3/4"));
    assertThat(Instant.now()).isBetween(from, from.plusSeconds(5));
    eventually(() -> pods("old").equals("3"));
    KubectlEbb cli = new KubectlEbb(cluster, folder);
    assertThat(cli.good("status", "-n", namespace).out())
        .containsPattern("ssched/old +rush +3 +4 ");
    assertThat(cli.good("why", "ssched/old", "-n", namespace).out()).contains("Range:     rush");
    assertThat(cli.good("simulate", "ssched/old", "-n", namespace).out())
        .contains("rush", "baseline", "###-");

    kubectl("delete", "ssched", "old", "--timeout=30s");
    eventually(() -> bounds("old").equals("1/4"));
  }

  @Test
  @Order(8)
  void aWorkloadIsWarmBeforeItsFirstRequestAndSleepsAgain() {
    Workload shop = Workload.create(cluster, namespace, "warm", "4s", 1, 0).awaitAsleep();
    Instant from = Instant.now().plusSeconds(5).truncatedTo(ChronoUnit.SECONDS);
    String resource = "apiVersion: ebb.dev/v1alpha1, kind: ScaledResource";

    apply(schedule("warm", resource, once("morning", from, "minReplicas: 2")));

    eventually(() -> shop.replicas() == 2);
    assertThat(Instant.now()).isAfter(from);
    shop.awaitAwake();
    // Longer than its idle window: nobody calls, and it stays up, without a flap.
    await().during(Duration.ofSeconds(8)).atMost(SOON).until(() -> shop.replicas() == 2);

    kubectl("delete", "ssched", "warm", "--timeout=30s");
    shop.awaitAsleep();
    assertThat(shop.kubectl("get", "sr", "warm", "-o", "jsonpath={.spec.replicas.min}"))
        .isIn("0", "");
  }

  @Test
  @Order(9)
  void whoMayNotChangeATargetMayNotScheduleIt() {
    kubectl("create", "role", "planner", "--verb=create,get", "--resource=scalingschedules");
    kubectl("create", "serviceaccount", "planner");
    kubectl(
        "create",
        "rolebinding",
        "planner",
        "--role=planner",
        "--serviceaccount=" + namespace + ":planner");
    String hpa = "apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler";
    String yaml = schedule("old", hpa, once("x", Instant.now(), "minReplicas: 3"));

    Result result =
        cluster.kubectlIn(
            namespace,
            "create",
            "--validate=false",
            "-f",
            write("schedule.yaml", yaml).toString(),
            "--as=system:serviceaccount:" + namespace + ":planner");

    assertThat(result.err()).contains("may not change HorizontalPodAutoscaler old");
  }

  @Test
  @Order(10)
  void whatIsBehindAnHpaAndWhatIsSelectedHibernatesAndComesBack() {
    kubectl("create", "deployment", "night", "--image=ebb/sample-hello:0.1.0-SNAPSHOT");
    kubectl("scale", "deployment", "night", "--replicas=2");
    kubectl("label", "deployment", "night", "sleeps=yes");
    Instant from = Instant.now().plusSeconds(6).truncatedTo(ChronoUnit.SECONDS);
    String hpa = "apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler";
    apply(schedule("old", hpa, once("night", from, "hibernate: true")));
    apply(
        """
        apiVersion: ebb.dev/v1alpha1
        kind: ScalingSchedule
        metadata: {name: night}
        spec:
          targetSelector: {apiVersion: apps/v1, kind: Deployment, labelSelector: {matchLabels: {sleeps: "yes"}}}
          windows: [%s]
        """
            .formatted(once("night", from, "hibernate: true")));

    eventually(() -> replicas("old").equals("0") && replicas("night").equals("0"));
    assertThat(bounds("old")).isEqualTo("1/4");
    assertThat(kubectl("get", "ssched", "night")).contains("1/1");
    // The right to patch it is for what has to be remembered, and for nothing else.
    String account = "--as=system:serviceaccount:ebb-system:ebb-time-scaler";
    String image = "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}";
    Result result =
        cluster.kubectlIn(
            namespace, "patch", "deployment", "night", "--type=merge", "-p", image, account);
    assertThat(result.err()).contains("this account may change one annotation of a workload");

    kubectl("delete", "ssched", "old", "night", "--timeout=30s");
    eventually(() -> replicas("night").equals("2") && !replicas("old").equals("0"));
    // The count first; what was remembered of it may go with the next look.
    eventually(() ->
        !kubectl("get", "deployment", "night", "-o", "jsonpath={.metadata.annotations}")
            .contains("ebb.dev"));
  }

  private String replicas(String deployment) {
    return kubectl("get", "deployment", deployment, "-o", "jsonpath={.spec.replicas}");
  }

  @Test
  @Order(11)
  void theSamplesRun() {
    for (String sample : List.of("shop", "basket", "switched-off")) {
      kubectl("apply", "-f", root("samples/service-scaler/" + sample + ".yaml").toString());
    }

    for (String name : List.of("shop", "basket")) {
      kubectl("wait", "--for=condition=Ready", "servicescaler/" + name, "--timeout=60s");
      String min =
          kubectl("get", "ss", name, "-o", "jsonpath={.status.lastKnownConfig.minReplicas}");
      assertThat(min).isIn("1", "2", "3", "4");
      assertThat(hpa(name, "{.spec.minReplicas}")).isEqualTo(min);
      boolean memory =
          kubectl("get", "ss", name, "-o", "jsonpath={.status.lastKnownConfig}").contains("Memory");
      assertThat(hpa(name, "{.spec.metrics[*].resource.name}"))
          .isEqualTo(memory ? "cpu memory" : "cpu");
    }
    eventually(() -> kubectl("get", "ss", "till", "-o", "wide").contains("is left alone"));
    assertThat(bounds("till")).isEqualTo("4/8");
    eventually(() -> !pods("basket").isEmpty());
  }
}
