package dev.ebb.testkit.store;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code scale} subresource: a view of a workload. */
final class Scales {

  private Scales() {}

  /** Returns the view; a zero that is wanted is left out, as autoscaling/v1 does. */
  static ObjectNode of(JsonNode object) {
    ObjectNode scale = JsonNodeFactory.instance.objectNode();
    scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
      metadata.set(field, object.path("metadata").path(field));
    }
    ObjectNode spec = scale.putObject("spec");
    if (replicas(object) != 0) {
      spec.put("replicas", replicas(object));
    }
    ObjectNode status = scale.putObject("status");
    status.put("replicas", object.path("status").path("replicas").asInt(0));
    status.put("selector", selector(object.path("spec").path("selector").path("matchLabels")));
    return scale;
  }

  /** Returns how many replicas a workload or a scale wants. */
  static int replicas(JsonNode object) {
    return object.path("spec").path("replicas").asInt(0);
  }

  private static String selector(JsonNode labels) {
    Map<String, String> sorted = new TreeMap<>();
    labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asString("")));
    return sorted.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }
}
