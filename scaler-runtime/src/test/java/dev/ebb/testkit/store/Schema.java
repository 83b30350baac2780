package dev.ebb.testkit.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A custom resource's structural schema: prunes unknown fields, fills in defaults, and checks
 * types, enums, lengths and bounds. CEL rules and formats are the real API server's alone.
 */
final class Schema {

  private Schema() {}

  /** Removes fields that the schema does not know, and nulls that it does not allow. */
  static void prune(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object && schema.has("properties")) {
      JsonNode properties = schema.path("properties");
      for (String name : List.copyOf(object.propertyNames())) {
        JsonNode field = object.path(name);
        JsonNode below = properties.path(name);
        boolean nullAllowed = below.path("nullable").asBoolean(false);
        if (below.isMissingNode() || (field.isNull() && !nullAllowed)) {
          object.remove(name);
        } else {
          prune(field, below);
        }
      }
    } else if (value.isArray()) {
      value.forEach(item -> prune(item, schema.path("items")));
    }
  }

  /** Fills in what is absent and has a default. */
  static void fill(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
        JsonNode fallback = property.getValue().path("default");
        if (!object.has(property.getKey()) && !fallback.isMissingNode()) {
          object.set(property.getKey(), fallback.deepCopy());
        }
        fill(object.path(property.getKey()), property.getValue());
      }
    } else if (value.isArray()) {
      value.forEach(item -> fill(item, schema.path("items")));
    }
  }

  /** Returns what is wrong, each with its path; empty when nothing is. */
  static List<String> check(JsonNode value, JsonNode schema) {
    List<String> wrong = new ArrayList<>();
    check("", value, schema, wrong);
    return wrong;
  }

  private static void check(String path, JsonNode value, JsonNode schema, List<String> wrong) {
    if (value.isNull() && schema.path("nullable").asBoolean(false)) {
      return;
    }
    String type = schema.path("type").asString("");
    if (!ofType(value, type)) {
      wrong.add(path + ": Invalid value: must be of type " + type);
      return;
    }
    JsonNode allowed = schema.path("enum");
    if (!allowed.isEmpty() && allowed.valueStream().noneMatch(value::equals)) {
      wrong.add(path + ": Unsupported value: " + value);
    }
    bounds(path, value, schema, wrong);
    for (JsonNode required : schema.path("required")) {
      if (value.isObject() && !value.has(required.asString(""))) {
        wrong.add(path + "." + required.asString("") + ": Required value");
      }
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      JsonNode below = schema.path("properties").path(field.getKey());
      if (!below.isMissingNode()) {
        check(path + "." + field.getKey(), field.getValue(), below, wrong);
      }
    }
    if (value.isArray()) {
      value.forEach(item -> check(path + "[]", item, schema.path("items"), wrong));
    }
  }

  private static void bounds(String path, JsonNode value, JsonNode schema, List<String> wrong) {
    int length = value.isString() ? value.asString("").length() : 0;
    boolean tooShort = value.isString() && length < schema.path("minLength").asInt(0);
    boolean tooLong =
        value.isString() && length > schema.path("maxLength").asInt(Integer.MAX_VALUE);
    boolean tooMany =
        value.isArray() && value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE);
    boolean outside =
        value.isNumber()
            && (value.asDouble() < schema.path("minimum").asDouble(-Double.MAX_VALUE)
                || value.asDouble() > schema.path("maximum").asDouble(Double.MAX_VALUE));
    if (tooShort || tooLong || tooMany || outside) {
      wrong.add(path + ": Invalid value: out of bounds");
    }
  }

  private static boolean ofType(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> true;
    };
  }
}
