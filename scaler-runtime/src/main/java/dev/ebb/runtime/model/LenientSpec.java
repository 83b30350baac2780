package dev.ebb.runtime.model;

import dev.ebb.runtime.model.ScaledResource.Spec;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;

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
    Spec read = Lenient.fields(context, node, "spec", Spec.class, left);
    for (String word : WORDS) {
      boolean understood = word.equals("path") ? read.path() != null : read.mode() != null;
      if (!understood && !node.path(word).asString("").isEmpty()) {
        left.add("spec." + word);
      }
    }
    return left.isEmpty() ? read : read.without(left);
  }
}
