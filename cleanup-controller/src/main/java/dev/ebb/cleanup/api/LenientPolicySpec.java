package dev.ebb.cleanup.api;

import dev.ebb.cleanup.api.ScaleDownPolicy.Spec;
import dev.ebb.runtime.model.Lenient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;

/** Reads a spec whatever stands in it, also where the definition was looser once. */
final class LenientPolicySpec extends ValueDeserializer<Spec> {
  @Override
  public Spec deserialize(JsonParser parser, DeserializationContext context) {
    JsonNode node = context.readTree(parser);
    List<String> left = new ArrayList<>();
    Spec read = Lenient.values(context, node, "spec", Spec.class, left);
    word(left, node, "mode", read.mode());
    word(left, node, "onFailure", read.onFailure());
    word(left, node, "claims", read.claims());
    word(left, node, "existing", read.existing());
    word(left, node, "onDelete", read.onDelete());
    word(left, node, "onReturn", read.onReturn());
    word(left, node, "requireReady", read.requireReady());
    word(left, node, "firstOrdinal", read.firstOrdinal());
    return left.isEmpty() ? read : read.without(left);
  }

  /** An unknown word is read as none. */
  private static void word(List<String> left, JsonNode node, String field, @Nullable Object read) {
    if (read == null && !node.path(field).asString("").isEmpty()) {
      left.add("spec." + field);
    }
  }
}
