package dev.ebb.runtime.model;

import dev.ebb.runtime.model.ScaledResource.Spec;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a spec whatever stands in it: fields with a value of a wrong type, out of range or unknown
 * are left out and named. A resource that cannot be decoded would otherwise keep the list of all
 * resources from being read, and a field that is left out silently would mean its default.
 */
final class LenientSpec extends ValueDeserializer<Spec> {

  private static final List<String> WORDS = List.of("path", "mode");

  @Override
  public Spec deserialize(JsonParser parser, DeserializationContext context) {
    JsonNode node = context.readTree(parser);
    List<String> left = new ArrayList<>();
    ObjectNode spec;
    if (node instanceof ObjectNode object) {
      spec = object;
    } else {
      spec = JsonNodeFactory.instance.objectNode();
      left.add("spec");
    }
    Spec read = read(context, spec, left);
    for (String word : WORDS) {
      boolean understood = word.equals("path") ? read.path() != null : read.mode() != null;
      if (!understood && !spec.path(word).asString("").isEmpty()) {
        left.add("spec." + word);
      }
    }
    return left.isEmpty() ? read : read.without(left);
  }

  private static Spec read(DeserializationContext context, ObjectNode spec, List<String> left) {
    while (true) {
      try {
        return context.readTreeAsValue(spec, Spec.class);
      } catch (JacksonException e) {
        String field = e.getPath().isEmpty() ? null : e.getPath().getFirst().getPropertyName();
        // Without its name it cannot be left out; each turn leaves one field less.
        if (field == null || spec.remove(field) == null) {
          throw e;
        }
        left.add("spec." + field);
      }
    }
  }
}
