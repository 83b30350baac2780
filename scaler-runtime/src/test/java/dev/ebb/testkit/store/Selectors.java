package dev.ebb.testkit.store;

import dev.ebb.runtime.model.LabelQuery;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Label and field selectors, of the kind that list and watch take. */
final class Selectors {

  private Selectors() {}

  /** Returns what both selectors let through; absent ones let everything through. */
  static Predicate<JsonNode> of(@Nullable String labels, @Nullable String fields) {
    return byLabels(labels).and(byFields(fields));
  }

  private static Predicate<JsonNode> byLabels(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return object -> true;
    }
    LabelQuery query = LabelQuery.parse(text);
    return object -> query.matches(labels(object));
  }

  static Map<String, String> labels(JsonNode object) {
    Map<String, String> labels = new HashMap<>();
    object
        .path("metadata")
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
    return labels;
  }

  private static Predicate<JsonNode> byFields(@Nullable String text) {
    Predicate<JsonNode> all = object -> true;
    if (text == null || text.isBlank()) {
      return all;
    }
    for (String term : text.split(",", -1)) {
      boolean differs = term.contains("!=");
      String[] parts = term.split("!=|==|=", 2);
      if (parts.length != 2) {
        throw ApiError.badRequest("invalid field selector: " + term);
      }
      String pointer = "/" + parts[0].strip().replace('.', '/');
      String value = parts[1].strip();
      all = all.and(object -> object.at(pointer).asString("").equals(value) != differs);
    }
    return all;
  }
}
