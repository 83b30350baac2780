package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.cli.Repository;
import dev.ebb.localcluster.cli.Suite;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the charts show and alert on, asked of a real Prometheus that scrapes the real services. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardsST {

  private final List<AdminPort> ports = new ArrayList<>();
  private PrometheusServer prometheus;
  private Ebb ebb;
  private Rendered rendered;

  @BeforeAll
  void start(Cluster cluster, TestNamespace namespace, @TempDir Path folder) throws Exception {
    rendered = Rendered.by(cluster);
    ebb = Ebb.in(cluster);
    ebb.upgrade(
        "--set",
        "time-scaler.enabled=true",
        "--set",
        "cleanup-controller.enabled=true",
        "--set",
        "selector-operator.enabled=true",
        "--set",
        "node-scaler.enabled=true");
    String sample = Repository.own().root().resolve("samples/service-scaler/shop.yaml").toString();
    cluster.kubectlIn(namespace.name(), "apply", "-f", sample).orThrow();
    String pool = Repository.own().root().resolve("samples/service-pool/k8s.yaml").toString();
    cluster.kubectlIn(namespace.name(), "apply", "-f", pool).orThrow();
    String buffer = Repository.own().root().resolve("samples/node-buffer/k8s.yaml").toString();
    cluster.kubectlIn(namespace.name(), "apply", "-f", buffer).orThrow();
    Workload shop = Workload.create(cluster, namespace.name(), "shop", "3s", 1, 0).awaitAsleep();
    try (Callers caller = Callers.once(cluster, 1, Duration.ZERO, shop.url("/"))) {
      assertThat(caller.awaitAll(Duration.ofSeconds(60))).allMatch(Callers.Call::good);
    }
    List<PrometheusServer.Target> targets = new ArrayList<>();
    for (String service :
        List.of(
            "autoscaler",
            "dlx-gateway",
            "time-scaler",
            "cleanup-controller",
            "selector-operator",
            "node-scaler")) {
      for (String pod : ebb.pods(service)) {
        AdminPort port = AdminPort.of(cluster, "pod/" + pod);
        ports.add(port);
        targets.add(new PrometheusServer.Target(port, "ebb-" + service, pod));
      }
    }
    prometheus = PrometheusServer.start(folder, Suite.NAMESPACE, targets);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> prometheus.query("count_over_time(up[5s]) >= 3").size() == targets.size());
    assertThat(prometheus.query("up == 1").size()).isEqualTo(targets.size());
  }

  @AfterAll
  void stop() {
    if (prometheus != null) {
      prometheus.close();
    }
    ports.forEach(AdminPort::close);
    ebb.upgrade();
  }

  private static String filledIn(String query) {
    return query.replace("$__rate_interval", "10s").replace("$namespace", Suite.NAMESPACE);
  }

  @Test
  void everyPanelShowsSomething() {
    List<Rendered.Query> panels = rendered.panels();

    assertThat(rendered.dashboards())
        .extracting(dashboard -> dashboard.path("uid").asString(""))
        .containsExactlyInAnyOrder(
            "ebb-autoscaler",
            "ebb-dlx-gateway",
            "ebb-time-scaler",
            "ebb-cleanup-controller",
            "ebb-selector-operator",
            "ebb-node-scaler");
    assertThat(panels).hasSizeGreaterThan(50);
    assertThat(panels)
        .filteredOn(panel -> prometheus.query(filledIn(panel.text())).isEmpty())
        .as("panels without data")
        .isEmpty();
  }

  @Test
  void everyPanelCarriesWhatItIsGroupedBy() {
    int grouped = 0;
    for (Rendered.Query panel : rendered.panels()) {
      JsonNode tree = prometheus.parse(filledIn(panel.text()));
      for (JsonNode label : tree.path("grouping")) {
        for (JsonNode series : prometheus.query(filledIn(panel.text()))) {
          assertThat(series.path("metric").propertyNames())
              .as(panel.where())
              .contains(label.asString(""));
          grouped++;
        }
      }
    }
    assertThat(grouped).as("labels that were looked for").isPositive();
  }

  @Test
  void theChoiceOfNamespacesIsFilled() {
    for (JsonNode dashboard : rendered.dashboards()) {
      String query =
          dashboard.path("templating").path("list").get(1).path("query").path("query").asString("");
      String metric = query.replaceFirst("label_values\\((\\w+), namespace\\)", "$1");

      assertThat(prometheus.query("count by (namespace) (" + metric + ")").toString())
          .as(query)
          .contains(Suite.NAMESPACE);
    }
  }

  @Test
  void everyAlertLooksAtMetricsThatExist() {
    List<Rendered.Query> alerts = rendered.alerts();

    assertThat(alerts).hasSizeGreaterThan(15);
    for (Rendered.Query alert : alerts) {
      prometheus.query(alert.text());
      Set<String> metrics = new TreeSet<>();
      collect(prometheus.parse(alert.text()), metrics);
      assertThat(metrics).as(alert.where()).isNotEmpty();
      assertThat(metrics).as(alert.where()).allMatch(metric -> !prometheus.query(metric).isEmpty());
    }
  }

  private static void collect(JsonNode tree, Set<String> metrics) {
    if (tree.path("type").asString("").endsWith("Selector")) {
      metrics.add(tree.path("name").asString(""));
    }
    tree.forEach(child -> collect(child, metrics));
  }
}
