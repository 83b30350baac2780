package dev.ebb.timescaler.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.timescaler.api.Steerable;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * How many replicas there were before the time-scaler changed their number. It stands in an
 * annotation before the number is changed, and goes after the number is back.
 *
 * @param by who steers it
 */
public record Remembered(int replicas, String by) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Returns what an object keeps; empty when it keeps nothing that can be read. */
  public static Optional<Remembered> in(Meta object) {
    String text = object.annotations().get(Steerable.SAVED_SCALE);
    if (text == null) {
      return Optional.empty();
    }
    try {
      JsonNode read = JSON.readTree(text);
      return read.path("replicas").isInt() && read.path("replicas").intValue() >= 0
          ? Optional.of(
              new Remembered(read.path("replicas").intValue(), read.path("by").asString("")))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Writes it as the annotation has it. */
  public String text() {
    return JsonNodeFactory.instance.objectNode().put("replicas", replicas).put("by", by).toString();
  }
}
