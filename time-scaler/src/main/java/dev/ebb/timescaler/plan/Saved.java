package dev.ebb.timescaler.plan;

import dev.ebb.timescaler.api.Hpa;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an HPA that others made said before the time-scaler changed it. The HPA keeps it in an
 * annotation, and gets it back when its ServiceScaler is gone.
 */
public record Saved(int min, int max, List<JsonNode> metrics) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Copies the list. */
  public Saved {
    metrics = List.copyOf(metrics);
  }

  /**
   * Returns what is to be kept of an HPA. Of one that service-scaler had in its hands nobody knows
   * what it was before: there it is the default, and not what the hour happened to ask for.
   */
  static Saved of(Hpa hpa, Values baseline) {
    if (hpa.metadata().annotations().containsKey(Hpa.OLD_NOTE)
        && baseline.min() != null
        && baseline.max() != null) {
      return new Saved(
          baseline.min(), baseline.max(), Metrics.with(hpa.spec().metrics(), baseline));
    }
    return new Saved(hpa.min(), hpa.max(), hpa.spec().metrics());
  }

  /** Returns what an HPA keeps; empty when it keeps nothing that can be read. */
  public static Optional<Saved> in(Hpa hpa) {
    String text = hpa.metadata().annotations().get(Hpa.SAVED);
    if (text == null) {
      return Optional.empty();
    }
    try {
      JsonNode read = JSON.readTree(text);
      int min = read.path("minReplicas").asInt(0);
      int max = read.path("maxReplicas").asInt(0);
      boolean sound = min >= 0 && max >= Math.max(1, min) && read.path("metrics").isArray();
      return sound
          ? Optional.of(new Saved(min, max, List.copyOf(read.path("metrics").values())))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Writes it as the annotation has it. */
  public String text() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("minReplicas", min).put("maxReplicas", max);
    ArrayNode list = node.putArray("metrics");
    metrics.forEach(list::add);
    return node.toString();
  }
}
