package dev.ebb.testkit.store;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the API server fills in for built-in kinds, as far as Ebb reads it. */
final class Defaults {

  private Defaults() {}

  /**
   * Fills an object in.
   *
   * @param number makes a Service's address its own
   */
  static void fill(ApiKind kind, ObjectNode object, long number) {
    switch (kind.kind()) {
      case "Deployment", "StatefulSet", "ReplicaSet" ->
          absent(object.withObjectProperty("spec"), "replicas", 1);
      case "HorizontalPodAutoscaler" -> absent(object.withObjectProperty("spec"), "minReplicas", 1);
      case "Service" -> service(object.withObjectProperty("spec"), number);
      case "Pod" -> absent(object.withObjectProperty("status"), "phase", "Pending");
      case "Namespace" -> absent(object.withObjectProperty("status"), "phase", "Active");
      default -> {}
    }
  }

  private static void service(ObjectNode spec, long number) {
    absent(spec, "type", "ClusterIP");
    absent(spec, "sessionAffinity", "None");
    for (JsonNode port : spec.path("ports")) {
      if (port instanceof ObjectNode object) {
        absent(object, "protocol", "TCP");
        if (!object.has("targetPort")) {
          object.set("targetPort", object.path("port"));
        }
      }
    }
    if (!spec.path("type").asString("").equals("ExternalName")) {
      absent(spec, "clusterIP", "10.96.%d.%d".formatted(number / 250 % 250, number % 250 + 1));
      absent(spec, "internalTrafficPolicy", "Cluster");
      absent(spec, "ipFamilyPolicy", "SingleStack");
      if (!spec.has("ipFamilies")) {
        spec.putArray("ipFamilies").add("IPv4");
      }
    }
  }

  private static void absent(ObjectNode object, String field, String value) {
    if (!object.has(field)) {
      object.put(field, value);
    }
  }

  private static void absent(ObjectNode object, String field, int value) {
    if (!object.has(field)) {
      object.put(field, value);
    }
  }
}
