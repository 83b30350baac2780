package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Result;
import dev.ebb.localcluster.cli.Repository;
import dev.ebb.localcluster.cli.Suite;
import dev.ebb.localcluster.junit.WithCluster;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Every value of the charts that is true or false does what it says: in what is rendered, and where
 * it becomes a setting of a service, in the shipped image. A value without a case fails.
 */
@WithCluster
class ChartSwitchesST {

  /** The objects of a release. */
  private record Rendered(List<Map<?, ?>> objects) {
    boolean has(String kind, String name) {
      return objects.stream().anyMatch(o -> is(o, kind, name));
    }

    boolean hasKind(String kind) {
      return objects.stream().anyMatch(o -> kind.equals(o.get("kind")));
    }

    /** Returns the field of an object, as text. */
    String field(String kind, String name, Object... path) {
      Object at =
          objects.stream()
              .filter(o -> is(o, kind, name))
              .findFirst()
              .<Object>map(o -> o)
              .orElseThrow();
      for (Object step : path) {
        at = step instanceof Integer i ? ((List<?>) at).get(i) : ((Map<?, ?>) at).get(step);
      }
      return String.valueOf(at);
    }

    /** Returns whether a container has a variable with a value. */
    boolean env(String deployment, String name, String value) {
      Object container =
          ((List<?>) at(deployment, "spec", "template", "spec", "containers")).getFirst();
      return ((List<?>) ((Map<?, ?>) container).get("env"))
          .stream()
              .map(e -> (Map<?, ?>) e)
              .anyMatch(e -> name.equals(e.get("name")) && value.equals(e.get("value")));
    }

    private Object at(String deployment, String... path) {
      Object at =
          objects.stream()
              .filter(o -> is(o, "Deployment", deployment))
              .findFirst()
              .<Object>map(o -> o)
              .orElseThrow();
      for (String step : path) {
        at = ((Map<?, ?>) at).get(step);
      }
      return at;
    }

    private static boolean is(Map<?, ?> object, String kind, String name) {
      return kind.equals(object.get("kind"))
          && name.equals(((Map<?, ?>) object.get("metadata")).get("name"));
    }
  }

  /**
   * A value.
   *
   * @param path where it is
   * @param effect holds with true, and does not hold with false
   * @param with what else it takes
   */
  private record Switch(String path, Predicate<Rendered> effect, List<String> with) {
    static Switch of(String path, Predicate<Rendered> effect, String... with) {
      return new Switch(path, effect, List.of(with));
    }

    @Override
    public String toString() {
      return path;
    }
  }

  private static Predicate<Rendered> replicas(String deployment) {
    return r -> r.field("Deployment", deployment, "spec", "replicas").equals("2");
  }

  private static Predicate<Rendered> pod(String deployment, Object... path) {
    Object[] whole =
        Stream.concat(Stream.of("spec", "template", "spec"), Stream.of(path)).toArray();
    return r -> r.field("Deployment", deployment, whole).equals("true");
  }

  /** The switches of every service's chart; {@code with} is what it takes to render it at all. */
  private static Stream<Switch> service(String chart, String role, String... with) {
    String name = "ebb-" + chart;
    return Stream.of(
        Switch.of(chart + ".enabled", r -> r.has("Deployment", name)),
        Switch.of(chart + ".serviceAccount.create", r -> r.has("ServiceAccount", name), with),
        Switch.of(chart + ".rbac.create", r -> r.has("ClusterRole", role), with),
        Switch.of(
            chart + ".podSecurityContext.runAsNonRoot",
            pod(name, "securityContext", "runAsNonRoot"),
            with),
        Switch.of(
            chart + ".securityContext.allowPrivilegeEscalation",
            pod(name, "containers", 0, "securityContext", "allowPrivilegeEscalation"),
            with),
        Switch.of(
            chart + ".securityContext.readOnlyRootFilesystem",
            pod(name, "containers", 0, "securityContext", "readOnlyRootFilesystem"),
            with));
  }

  private static Switch budget(String chart, String... with) {
    return Switch.of(
        chart + ".podDisruptionBudget.enabled",
        r -> r.has("PodDisruptionBudget", "ebb-" + chart),
        Stream.concat(Stream.of(chart + ".replicaCount=2"), Stream.of(with))
            .toArray(String[]::new));
  }

  private static List<Switch> switches() {
    Stream<Switch> own =
        Stream.of(
            Switch.of("global.highAvailability", replicas("ebb-autoscaler")),
            Switch.of(
                "global.tls.certManager.enabled",
                r -> r.hasKind("Certificate"),
                "global.tls.certManager.issuerRef.kind=ClusterIssuer",
                "global.tls.certManager.issuerRef.name=ca"),
            Switch.of(
                "global.admissionPolicies.enabled", r -> r.hasKind("ValidatingAdmissionPolicy")),
            Switch.of("global.networkPolicy.enabled", r -> r.hasKind("NetworkPolicy")),
            Switch.of(
                "global.metrics.anonymous",
                r ->
                    r.env("ebb-autoscaler", "EBB_METRICSANONYMOUS", "true")
                        && r.env("ebb-dlx-gateway", "EBB_METRICSANONYMOUS", "true")
                        && !r.has("ClusterRole", "ebb-metrics")),
            Switch.of("global.metrics.serviceMonitor.enabled", r -> r.hasKind("ServiceMonitor")),
            Switch.of("global.metrics.prometheusRule.enabled", r -> r.hasKind("PrometheusRule")),
            Switch.of(
                "global.grafana.dashboards.enabled",
                r -> r.has("ConfigMap", "ebb-autoscaler-dashboards")),
            Switch.of("rbac.aggregate", r -> r.has("ClusterRole", "ebb-view")),
            Switch.of("cli.enabled", r -> r.has("ServiceAccount", "ebb-cli")),
            Switch.of("crds.enabled", r -> r.hasKind("CustomResourceDefinition")),
            Switch.of("autoscaler.highAvailability", replicas("ebb-autoscaler")),
            Switch.of(
                "autoscaler.uninstall.enabled", r -> r.has("Job", "ebb-autoscaler-uninstall")),
            Switch.of(
                "time-scaler.highAvailability",
                replicas("ebb-time-scaler"),
                "time-scaler.enabled=true"),
            Switch.of(
                "time-scaler.keda",
                r -> r.env("ebb-time-scaler", "EBB_TIMESCALER_KEDA", "true"),
                "time-scaler.enabled=true"),
            Switch.of(
                "selector-operator.highAvailability",
                replicas("ebb-selector-operator"),
                "selector-operator.enabled=true"),
            budget("autoscaler"),
            budget("dlx-gateway"),
            budget("time-scaler", "time-scaler.enabled=true"),
            budget("selector-operator", "selector-operator.enabled=true"),
            Switch.of(
                "cleanup-controller.highAvailability",
                replicas("ebb-cleanup-controller"),
                "cleanup-controller.enabled=true"),
            Switch.of(
                "cleanup-controller.watchPredecessor",
                r -> !r.env("ebb-cleanup-controller", "EBB_CLEANUP_WATCHPREDECESSOR", "false"),
                "cleanup-controller.enabled=true"),
            budget("cleanup-controller", "cleanup-controller.enabled=true"),
            Switch.of(
                "node-scaler.highAvailability",
                replicas("ebb-node-scaler"),
                "node-scaler.enabled=true"),
            budget("node-scaler", "node-scaler.enabled=true"));
    return Stream.of(
            own,
            service("autoscaler", "ebb-autoscaler"),
            service("dlx-gateway", "ebb-dlx-gateway"),
            service("time-scaler", "ebb-time-scaler", "time-scaler.enabled=true"),
            service("selector-operator", "ebb-selector-operator", "selector-operator.enabled=true"),
            service(
                "cleanup-controller", "ebb-cleanup-controller", "cleanup-controller.enabled=true"),
            service("node-scaler", "ebb-node-scaler", "node-scaler.enabled=true"),
            service("admin-console", "ebb-admin-console-actuators", "admin-console.enabled=true"))
        .flatMap(s -> s)
        .toList();
  }

  private static Path chart() {
    return Repository.own().chart();
  }

  @Test
  void everySwitchHasACase() throws IOException {
    Set<String> found = new TreeSet<>();
    collect("", values(chart()), found);
    try (DirectoryStream<Path> charts = Files.newDirectoryStream(chart().resolve("charts"))) {
      for (Path sub : charts) {
        if (Files.exists(sub.resolve("values.yaml"))) {
          collect(sub.getFileName() + ".", values(sub), found);
        }
      }
    }

    assertThat(switches()).extracting(Switch::path).containsExactlyInAnyOrderElementsOf(found);
  }

  private static Map<?, ?> values(Path chart) throws IOException {
    try (Reader reader = Files.newBufferedReader(chart.resolve("values.yaml"))) {
      Map<?, ?> values = new Yaml().load(reader);
      return values == null ? Map.of() : values;
    }
  }

  private static void collect(String prefix, Map<?, ?> values, Set<String> found) {
    values.forEach((key, value) -> {
      if (value instanceof Boolean) {
        found.add(prefix + key);
      } else if (value instanceof Map<?, ?> child) {
        collect(prefix + key + ".", child, found);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("switches")
  void rendersWhatItSays(Switch value, Cluster cluster) {
    assertThat(value.effect().test(render(cluster, value, true))).as("with true").isTrue();
    assertThat(value.effect().test(render(cluster, value, false))).as("with false").isFalse();
  }

  private static Rendered render(Cluster cluster, Switch value, boolean to) {
    Stream<String> sets =
        Stream.concat(Stream.of(value.path() + "=" + to), value.with().stream())
            .flatMap(set -> Stream.of("--set", set));
    Result result =
        cluster.helm(
            Stream.concat(
                    Stream.of("template", "ebb", chart().toString(), "-n", "ebb-system"), sets)
                .toArray(String[]::new));
    return new Rendered(
        StreamSupport.stream(new Yaml().loadAll(result.orThrow().out()).spliterator(), false)
            .filter(Objects::nonNull)
            .<Map<?, ?>>map(object -> (Map<?, ?>) object)
            .toList());
  }

  /** What services are told by variables: one installation shows it for all. */
  @Test
  void theShippedImageHeedsWhatItIsTold(Cluster cluster) {
    Ebb ebb = Ebb.in(cluster);
    assertThat(scrape(cluster, "ebb-autoscaler").out()).contains("leader_election_master_status");
    assertThat(scrape(cluster, "ebb-dlx-gateway").out()).contains("ebb_gateway_routes");
    assertThat(ebb.kubectl("logs", "-l", "app.kubernetes.io/name=autoscaler", "--tail=5").lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("{\"@timestamp\":"));
    try {
      ebb.upgrade(
          "--set", "global.metrics.anonymous=false", "--set", "autoscaler.highAvailability=true");

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> {
            assertThat(scrape(cluster, "ebb-autoscaler").err()).contains("provide credentials");
            assertThat(scrape(cluster, "ebb-dlx-gateway").err()).contains("provide credentials");
          });
      // Two replicas are ready, and one of them leads: leadership is no readiness.
      String ready =
          ebb.kubectl(
              "get", "deployment", "ebb-autoscaler", "-o", "jsonpath={.status.readyReplicas}");
      assertThat(ready).isEqualTo("2");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              ebb.kubectl("get", "lease", "ebb-autoscaler", "-o", "jsonpath={.spec.holderIdentity}")
                  .startsWith("ebb-autoscaler-"));
    } finally {
      ebb.upgrade();
    }
  }

  private static Result scrape(Cluster cluster, String service) {
    return cluster.kubectl(
        "get",
        "--raw",
        "/api/v1/namespaces/"
            + Suite.NAMESPACE
            + "/services/https:"
            + service
            + ":admin/proxy/actuator/prometheus");
  }
}
