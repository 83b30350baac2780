package dev.ebb.timescaler.plan;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.timeplan.Values;
import dev.ebb.timescaler.api.Hpa;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a target that others made said before the time-scaler changed it. The target keeps it in an
 * annotation, and gets it back when nothing steers it any more.
 *
 * @param max null for no bound; HPAs have one
 * @param metrics of an HPA
 * @param by who steers it; empty for the ServiceScaler of the same name
 */
public record Saved(
    @Nullable Integer min, @Nullable Integer max, List<JsonNode> metrics, String by) {

  /** The annotation of a ScaledResource or a ScaledObject that keeps it. */
  public static final String BOUNDS = Ebb.key("saved-bounds");

  /** The annotation of an HPA that keeps it. */
  public static final String HPA = Hpa.SAVED;

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
          baseline.min(),
          baseline.max(),
          Metrics.with(hpa.spec().metrics(), baseline, List.of()),
          "");
    }
    return new Saved(hpa.min(), hpa.max(), hpa.spec().metrics(), "");
  }

  /** Returns what an HPA keeps; empty when it keeps nothing that can be read. */
  public static Optional<Saved> in(Hpa hpa) {
    return read(hpa.metadata().annotations().get(HPA))
        .filter(saved -> saved.min() != null && saved.max() != null);
  }

  /** Returns what a ScaledResource keeps; empty when it keeps nothing that can be read. */
  public static Optional<Saved> in(ScaledResource resource) {
    return in(resource.metadata());
  }

  /** Returns what a target with bounds keeps, which is no HPA; empty when that cannot be read. */
  public static Optional<Saved> in(Meta target) {
    return read(target.annotations().get(BOUNDS));
  }

  private static Optional<Saved> read(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      JsonNode read = JSON.readTree(text);
      Integer min = count(read.path("minReplicas"));
      Integer max = count(read.path("maxReplicas"));
      boolean sound =
          (min == null || min >= 0)
              && (max == null || max >= Math.max(1, min == null ? 0 : min))
              && read.path("metrics").isArray();
      return sound
          ? Optional.of(
              new Saved(
                  min,
                  max,
                  List.copyOf(read.path("metrics").values()),
                  read.path("by").asString("")))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static @Nullable Integer count(JsonNode node) {
    return node.isInt() ? Integer.valueOf(node.intValue()) : null;
  }

  /** Writes it as the annotation has it. */
  public String text() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (min != null) {
      node.put("minReplicas", min);
    }
    if (max != null) {
      node.put("maxReplicas", max);
    }
    if (!by.isEmpty()) {
      node.put("by", by);
    }
    ArrayNode list = node.putArray("metrics");
    metrics.forEach(list::add);
    return node.toString();
  }
}
