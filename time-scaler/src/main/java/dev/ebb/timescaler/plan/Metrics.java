package dev.ebb.timescaler.plan;

import dev.ebb.timeplan.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The metrics of an HPA. Those of the resources cpu and memory follow the schedule; all others are
 * other people's and stay as they are, where they are. Stateless.
 */
public final class Metrics {

  private static final String CPU = "cpu";
  private static final String MEMORY = "memory";

  private Metrics() {}

  /**
   * Returns the metrics with the targets of a schedule.
   *
   * @param original where the schedule says nothing about a resource, its metric comes from here
   */
  static List<JsonNode> with(List<JsonNode> before, Values values, List<JsonNode> original) {
    List<JsonNode> after = new ArrayList<>();
    boolean cpu = false;
    boolean memory = false;
    for (JsonNode metric : before) {
      String resource = resource(metric);
      if (resource == null) {
        after.add(metric);
      } else if (resource.equals(CPU) && !cpu) {
        cpu = add(after, metric, CPU, values.cpu(), original);
      } else if (resource.equals(MEMORY) && !memory) {
        memory = add(after, metric, MEMORY, values.memory(), original);
      }
    }
    if (!cpu) {
      add(after, null, CPU, values.cpu(), original);
    }
    if (!memory) {
      add(after, null, MEMORY, values.memory(), original);
    }
    return List.copyOf(after);
  }

  private static boolean add(
      List<JsonNode> metrics,
      @Nullable JsonNode before,
      String name,
      @Nullable Integer target,
      List<JsonNode> original) {
    if (target == null) {
      List<JsonNode> kept = original.stream().filter(m -> name.equals(resource(m))).toList();
      metrics.addAll(kept);
      return !kept.isEmpty();
    }
    if (target == 0) {
      return false;
    }
    boolean same = before != null && target.equals(utilization(before));
    metrics.add(same && before != null ? before : utilization(name, target));
    return true;
  }

  private static ObjectNode utilization(String name, int percent) {
    ObjectNode metric = JsonNodeFactory.instance.objectNode();
    metric.put("type", "Resource");
    ObjectNode resource = metric.putObject("resource").put("name", name);
    resource.putObject("target").put("type", "Utilization").put("averageUtilization", percent);
    return metric;
  }

  private static @Nullable Integer utilization(JsonNode metric) {
    JsonNode target = metric.path("resource").path("target");
    return "Utilization".equals(target.path("type").asString(""))
            && target.path("averageUtilization").isInt()
        ? Integer.valueOf(target.path("averageUtilization").intValue())
        : null;
  }

  /** Returns the resource of a metric that follows the schedule; null for those of others. */
  private static @Nullable String resource(JsonNode metric) {
    String name = metric.path("resource").path("name").asString("");
    boolean ours = name.equals(CPU) || name.equals(MEMORY);
    return ours && "Resource".equals(metric.path("type").asString("")) ? name : null;
  }

  /** Returns whether there are metrics of others. */
  static boolean foreign(List<JsonNode> metrics) {
    return metrics.stream().anyMatch(metric -> resource(metric) == null);
  }

  /** Returns the CPU utilization that is aimed at; null for none. */
  public static @Nullable Integer cpu(List<JsonNode> metrics) {
    return aim(metrics, CPU);
  }

  /** Returns the memory utilization that is aimed at; null for none. */
  public static @Nullable Integer memory(List<JsonNode> metrics) {
    return aim(metrics, MEMORY);
  }

  private static @Nullable Integer aim(List<JsonNode> metrics, String name) {
    return metrics.stream()
        .filter(metric -> name.equals(resource(metric)))
        .findFirst()
        .map(Metrics::utilization)
        .orElse(null);
  }
}
