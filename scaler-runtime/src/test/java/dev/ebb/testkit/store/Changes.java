package dev.ebb.testkit.store;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Compares two states of an object. */
final class Changes {

  private Changes() {}

  /** Returns whether nothing differs but versions and owners. */
  static boolean sameContent(JsonNode before, JsonNode after) {
    return bare(before).equals(bare(after));
  }

  private static ObjectNode bare(JsonNode object) {
    ObjectNode bare = (ObjectNode) object.deepCopy();
    ObjectNode metadata = bare.withObjectProperty("metadata");
    metadata.remove("managedFields");
    metadata.remove("resourceVersion");
    return bare;
  }

  /** Returns whether the same managers own the same fields, whenever they wrote them. */
  static boolean sameOwners(JsonNode before, JsonNode after) {
    return owners(before).equals(owners(after));
  }

  private static Set<JsonNode> owners(JsonNode object) {
    JsonNode copy = object.path("metadata").path("managedFields").deepCopy();
    copy.forEach(entry -> ((ObjectNode) entry).remove("time"));
    return Set.copyOf(copy.valueStream().toList());
  }

  /** Returns whether anything but metadata and status differs. */
  static boolean ofSpec(JsonNode before, JsonNode after) {
    return !spec(before).equals(spec(after));
  }

  private static ObjectNode spec(JsonNode object) {
    ObjectNode spec = (ObjectNode) object.deepCopy();
    spec.remove("metadata");
    spec.remove("status");
    return spec;
  }
}
