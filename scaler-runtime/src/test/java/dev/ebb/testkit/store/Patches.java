package dev.ebb.testkit.store;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Merge patch (RFC 7386) and JSON patch (RFC 6902) over JSON trees. Changes no argument. */
final class Patches {

  private Patches() {}

  static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch.deepCopy();
    }
    ObjectNode merged =
        target instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      if (change.getValue().isNull()) {
        merged.remove(change.getKey());
      } else {
        merged.set(change.getKey(), merge(merged.path(change.getKey()), change.getValue()));
      }
    }
    return merged;
  }

  /**
   * Does the operations in their order.
   *
   * @throws ApiError when one cannot be done or a test fails
   */
  static JsonNode json(JsonNode target, JsonNode operations, ApiKind kind, String name) {
    JsonNode result = target.deepCopy();
    for (JsonNode operation : operations) {
      result = operate(result, operation, kind, name);
    }
    return result;
  }

  private static JsonNode operate(JsonNode doc, JsonNode operation, ApiKind kind, String name) {
    String op = operation.path("op").asString("");
    String path = operation.path("path").asString("");
    JsonNode value = operation.path("value");
    switch (op) {
      case "test" -> {
        if (!doc.at(path).equals(value)) {
          throw ApiError.invalid(kind, name, "testing path " + path + " failed");
        }
      }
      case "add" -> put(doc, path, value, true, kind, name);
      case "replace" -> {
        require(doc, path, kind, name);
        put(doc, path, value, false, kind, name);
      }
      case "remove" -> remove(doc, path, kind, name);
      case "copy", "move" -> {
        String from = operation.path("from").asString("");
        require(doc, from, kind, name);
        JsonNode moved = doc.at(from).deepCopy();
        if (op.equals("move")) {
          remove(doc, from, kind, name);
        }
        put(doc, path, moved, true, kind, name);
      }
      default -> throw ApiError.badRequest("unknown JSON patch operation " + op);
    }
    return doc;
  }

  private static void require(JsonNode doc, String path, ApiKind kind, String name) {
    if (doc.at(path).isMissingNode()) {
      throw ApiError.invalid(kind, name, path + " is missing");
    }
  }

  private static void put(
      JsonNode doc, String path, JsonNode value, boolean insert, ApiKind kind, String name) {
    switch (parent(doc, path, kind, name)) {
      case ObjectNode object -> object.set(last(path), value);
      case ArrayNode array -> {
        if (last(path).equals("-")) {
          array.add(value);
        } else if (insert) {
          array.insert(index(last(path), array.size(), kind, name), value);
        } else {
          array.set(index(last(path), array.size() - 1, kind, name), value);
        }
      }
      default -> throw ApiError.invalid(kind, name, "nothing can be put at " + path);
    }
  }

  private static void remove(JsonNode doc, String path, ApiKind kind, String name) {
    require(doc, path, kind, name);
    switch (parent(doc, path, kind, name)) {
      case ObjectNode object -> object.remove(last(path));
      case ArrayNode array -> array.remove(index(last(path), array.size() - 1, kind, name));
      default -> throw ApiError.invalid(kind, name, "nothing can be removed at " + path);
    }
  }

  private static JsonNode parent(JsonNode doc, String path, ApiKind kind, String name) {
    int slash = path.lastIndexOf('/');
    JsonNode parent = slash < 0 ? doc.at("/") : doc.at(path.substring(0, slash));
    if (slash < 0 || parent.isMissingNode()) {
      throw ApiError.invalid(kind, name, "the parent of " + path + " is missing");
    }
    return parent;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
  }

  private static int index(String text, int max, ApiKind kind, String name) {
    if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) > max) {
      throw ApiError.invalid(kind, name, "index " + text + " is out of bounds");
    }
    return Integer.parseInt(text);
  }
}
