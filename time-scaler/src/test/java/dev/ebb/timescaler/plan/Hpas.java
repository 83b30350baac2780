package dev.ebb.timescaler.plan;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.timescaler.api.Hpa;
import tools.jackson.databind.json.JsonMapper;

/** HPAs for tests, as the API server has them. */
final class Hpas {

  /** A metric of somebody else. */
  static final String PODS =
      "{'type': 'Pods', 'pods': {'metric': {'name': 'jobs'},"
          + " 'target': {'type': 'AverageValue', 'averageValue': '3'}}}";

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  private Hpas() {}

  /** Makes one that others made. */
  static Hpa of(int min, int max, String... metrics) {
    return with("", "", min, max, metrics);
  }

  /** Makes one that the time-scaler made. */
  static Hpa owned(int min, int max, String... metrics) {
    String owner =
        "{'apiVersion': 'scaler.udaan.io/v1', 'kind': 'ServiceScaler', 'name': 'shop', 'uid': '%s',"
            + " 'controller': true}";
    return with("", owner.formatted(Scalers.UID), min, max, metrics);
  }

  /** Makes one with annotations, written as {@code 'key': 'value'}. */
  static Hpa annotated(String annotations, int min, int max, String... metrics) {
    return with(annotations, "", min, max, metrics);
  }

  /** Makes one with annotations and an owner. */
  static Hpa with(String annotations, String owner, int min, int max, String... metrics) {
    return JSON.readValue(
        """
        {"metadata": {"name": "shop", "namespace": "prod", "uid": "h1", "resourceVersion": "9",
                      "annotations": {%s}, "ownerReferences": [%s]},
         "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"},
                  "minReplicas": %d, "maxReplicas": %d, "metrics": [%s]}}
        """
            .formatted(annotations, owner, min, max, String.join(",", metrics))
            .replace('\'', '"'),
        Hpa.class);
  }

  /** A utilization to aim at. */
  static String utilization(String resource, int percent) {
    return "{'type': 'Resource', 'resource': {'name': '%s',".formatted(resource)
        + " 'target': {'type': 'Utilization', 'averageUtilization': %d}}}".formatted(percent);
  }
}
