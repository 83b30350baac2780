package dev.ebb.nodescaler.api;

import dev.ebb.nodescaler.api.NodeBuffer.ScaleDown;
import dev.ebb.nodescaler.api.NodeBuffer.Spec;
import dev.ebb.runtime.model.Lenient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;

/** Reads a spec whatever stands in it, also where the definition was looser once. */
final class LenientBufferSpec extends ValueDeserializer<Spec> {
  @Override
  public Spec deserialize(JsonParser parser, DeserializationContext context) {
    JsonNode node = context.readTree(parser);
    List<String> left = new ArrayList<>();
    Spec read = Lenient.values(context, node, "spec", Spec.class, left);
    word(left, node, "mode", read.mode());
    ScaleDown down = read.scaleDown();
    if (down != null) {
      JsonNode part = node.path("scaleDown");
      word(left, part, "policy", "scaleDown.policy", down.policy());
      word(left, part, "otherPods", "scaleDown.otherPods", down.otherPods());
    }
    return left.isEmpty() ? read : read.without(left);
  }

  /** An unknown word is read as none. */
  private static void word(List<String> left, JsonNode node, String field, @Nullable Object read) {
    word(left, node, field, field, read);
  }

  private static void word(
      List<String> left, JsonNode node, String field, String path, @Nullable Object read) {
    if (read == null && !node.path(field).asString("").isEmpty()) {
      left.add("spec." + path);
    }
  }
}
