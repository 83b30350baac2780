package dev.ebb.system;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.cli.Repository;
import dev.ebb.localcluster.cli.Suite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The PromQL in what the chart renders. */
final class Rendered {

  /** A query, and where it stands. */
  record Query(String where, String text) {}

  private final JsonMapper json = new JsonMapper();
  private final List<JsonNode> objects = new ArrayList<>();

  private Rendered() {}

  /** Renders the chart with dashboards and alerts. */
  static Rendered by(Cluster cluster) {
    String yaml =
        cluster
            .helm(
                "template",
                Suite.RELEASE,
                Repository.own().chart().toString(),
                "-n",
                Suite.NAMESPACE,
                "--set",
                "global.grafana.dashboards.enabled=true",
                "--set",
                "global.metrics.prometheusRule.enabled=true",
                "--set",
                "time-scaler.enabled=true",
                "--set",
                "cleanup-controller.enabled=true",
                "--set",
                "selector-operator.enabled=true",
                "--set",
                "node-scaler.enabled=true",
                "--set",
                "admin-console.enabled=true")
            .orThrow()
            .out();
    Rendered rendered = new Rendered();
    for (Object object : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
      if (object instanceof Map<?, ?> map) {
        rendered.objects.add(rendered.json.valueToTree(map));
      }
    }
    return rendered;
  }

  private Stream<JsonNode> kind(String kind) {
    return objects.stream().filter(object -> object.path("kind").asString("").equals(kind));
  }

  /** The dashboards, by Grafana's own JSON. */
  List<JsonNode> dashboards() {
    return kind("ConfigMap")
        .filter(map -> map.path("metadata").path("labels").has("grafana_dashboard"))
        .flatMap(map -> map.path("data").valueStream())
        .map(text -> json.readTree(text.asString("")))
        .toList();
  }

  /** The queries of all panels. */
  List<Query> panels() {
    List<Query> queries = new ArrayList<>();
    for (JsonNode dashboard : dashboards()) {
      for (JsonNode panel : dashboard.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          queries.add(
              new Query(
                  dashboard.path("title").asString("") + ": " + panel.path("title").asString(""),
                  target.path("expr").asString("")));
        }
      }
    }
    return queries;
  }

  /** The expressions of all alerts. */
  List<Query> alerts() {
    List<Query> queries = new ArrayList<>();
    kind("PrometheusRule")
        .flatMap(rule -> rule.path("spec").path("groups").valueStream())
        .flatMap(group -> group.path("rules").valueStream())
        .forEach(rule ->
            queries.add(
                new Query(rule.path("alert").asString(""), rule.path("expr").asString(""))));
    return queries;
  }
}
