package dev.ebb.runtime.kube;

import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is left of an object when it is applied on the server's side. Stateless. */
final class Manifests {

  private Manifests() {}

  /**
   * Takes nulls, empty maps and empty lists out, and what is empty without them. Items of lists
   * stay: their number and order say something.
   *
   * @param meant JSON pointers of values that stay as they are
   */
  static JsonNode withoutEmpty(JsonNode manifest, Set<String> meant) {
    prune(manifest, "", meant);
    return manifest;
  }

  private static void prune(JsonNode node, String at, Set<String> meant) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        prune(node.get(i), at + "/" + i, meant);
      }
    }
    if (!(node instanceof ObjectNode object)) {
      return;
    }
    for (Map.Entry<String, JsonNode> field : new ArrayList<>(object.properties())) {
      String pointer = at + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
      if (meant.contains(pointer)) {
        continue;
      }
      JsonNode value = field.getValue();
      prune(value, pointer, meant);
      if (value.isNull() || (value.isContainer() && value.isEmpty())) {
        object.remove(field.getKey());
      }
    }
  }
}
