package dev.ebb.cli;

import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Shows what a schedule would do: a row for each change, with its bounds as a bar. Stateless. */
final class Timeline {

  private static final int WIDTH = 40;

  private Timeline() {}

  /** Writes a simulation. */
  static void print(PrintWriter out, JsonNode simulation) {
    long most = 1;
    for (JsonNode point : simulation.path("timeline")) {
      JsonNode values = point.path("values");
      most = Math.max(most, Math.max(values.path("min").asLong(0), values.path("max").asLong(0)));
    }
    Table table = new Table("AT", "WINDOW", "MIN", "MAX", "CPU", "MEMORY", "MIN # MAX -");
    for (JsonNode point : simulation.path("timeline")) {
      JsonNode values = point.path("values");
      String window = StatusCommand.text(point, "window");
      table.add(
          StatusCommand.text(point, "at"),
          window.isEmpty() ? "baseline" : window,
          values.path("min").asString(""),
          values.path("max").asString(""),
          percent(values.path("cpu")),
          percent(values.path("memory")),
          bar(values, most));
    }
    table.print(out);
    if (!simulation.path("complete").asBoolean(true)) {
      out.println("… and more: ask for a shorter time");
    }
    List<String> dead =
        simulation.path("dead").valueStream().map(name -> name.asString("")).toList();
    if (!dead.isEmpty()) {
      out.println("Sets nothing in that time: " + String.join(", ", dead));
    }
    for (JsonNode overlap : simulation.path("overlaps")) {
      out.printf(
          "From %s on %s and %s want different things: %s wins, by its name%n",
          StatusCommand.text(overlap, "at"),
          StatusCommand.text(overlap, "winner"),
          StatusCommand.text(overlap, "loser"),
          StatusCommand.text(overlap, "winner"));
    }
    gaps(out, simulation.path("gaps"));
  }

  private static void gaps(PrintWriter out, JsonNode gaps) {
    if (!gaps.isEmpty()) {
      JsonNode first = gaps.get(0);
      out.printf(
          "No window is open %d times, the baseline holds then; first from %s to %s%n",
          gaps.size(), StatusCommand.text(first, "from"), StatusCommand.text(first, "to"));
    }
  }

  private static String percent(JsonNode target) {
    return target.isNumber() ? target.asInt(0) == 0 ? "off" : target.asInt(0) + "%" : "";
  }

  private static String bar(JsonNode values, long most) {
    if (values.path("hibernate").asBoolean(false)) {
      return "hibernates";
    }
    int min = length(values.path("min").asLong(0), most);
    int max = length(values.path("max").asLong(0), most);
    return "#".repeat(min) + "-".repeat(Math.max(0, max - min));
  }

  private static int length(long value, long most) {
    return (int) Math.ceilDiv(value * Math.min(WIDTH, most), most);
  }
}
