package dev.ebb.selector.api;

import dev.ebb.runtime.model.Lenient;
import dev.ebb.selector.api.ServicePool.Spec;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;

/** Reads a spec whatever stands in it, also where the definition was looser once. */
final class LenientSpec extends ValueDeserializer<Spec> {
  @Override
  public Spec deserialize(JsonParser parser, DeserializationContext context) {
    JsonNode node = context.readTree(parser);
    List<String> left = new ArrayList<>();
    Spec read = Lenient.values(context, node, "spec", Spec.class, left);
    word(left, node, "strategy", read.strategy());
    word(left, node, "whenNoPod", read.whenNoPod());
    word(left, node, "mode", read.mode());
    if (read.services() != null) {
      word(left, node.path("services"), "services.via", "via", read.services().via());
    }
    return left.isEmpty() ? read : read.without(left);
  }

  /** An unknown word is read as none. */
  private static void word(
      List<String> left,
      JsonNode node,
      String field,
      @org.jspecify.annotations.Nullable Object read) {
    word(left, node, field, field, read);
  }

  private static void word(
      List<String> left,
      JsonNode node,
      String path,
      String field,
      @org.jspecify.annotations.Nullable Object read) {
    if (read == null && !node.path(field).asString("").isEmpty()) {
      left.add("spec." + path);
    }
  }
}
