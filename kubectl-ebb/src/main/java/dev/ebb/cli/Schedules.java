package dev.ebb.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Shows what follows the clock. Stateless. */
final class Schedules {

  private Schedules() {}

  /** Writes a table of all, unless there are none. */
  static void list(PrintWriter out, Kind kind, JsonNode list, boolean all) {
    if (list.isEmpty()) {
      return;
    }
    List<String> header =
        new ArrayList<>(List.of("SCHEDULE", "ACTIVE", "MIN", "MAX", "NEXT", "WHY"));
    if (all) {
      header.addFirst("NAMESPACE");
    }
    Table table = new Table(header.toArray(String[]::new));
    for (JsonNode one : list) {
      JsonNode config = one.path("config");
      List<String> cells =
          new ArrayList<>(
              List.of(
                  kind.shown(StatusCommand.text(one, "name")),
                  active(one),
                  config.path("minReplicas").asString(""),
                  config.path("maxReplicas").asString(""),
                  next(one.path("next")),
                  StatusCommand.text(one, "message")));
      if (all) {
        cells.addFirst(StatusCommand.text(one, "namespace"));
      }
      table.add(cells.toArray(String[]::new));
    }
    table.print(out);
  }

  private static String active(JsonNode one) {
    String mode = StatusCommand.text(one, "mode");
    String active = StatusCommand.text(one, "active");
    return mode.equals("Paused") || mode.equals("Observe")
        ? (active + " (" + mode.toLowerCase(Locale.ROOT) + ")").strip()
        : active;
  }

  private static String next(JsonNode next) {
    String at = StatusCommand.text(next, "at");
    return at.isEmpty() ? "" : at + " " + StatusCommand.text(next, "to");
  }

  /** Writes a decision with its inputs. */
  static void explain(PrintWriter out, String name, JsonNode why) {
    out.println(name + ": " + StatusCommand.text(why, "decision"));
    line(out, "Held:      ", StatusCommand.text(why, "held"));
    out.println("Range:     " + or(StatusCommand.text(why, "range"), "default"));
    out.println("Scheduled: " + values(why.path("scheduled")));
    out.println("In force:  " + values(why.path("inForce")));
    JsonNode next = why.path("next");
    String at = StatusCommand.text(next, "at");
    out.println(
        "Next:      "
            + (at.isEmpty()
                ? "-"
                : at
                    + " "
                    + or(StatusCommand.text(next, "range"), "default")
                    + ": "
                    + values(next.path("values"))));
    String look = StatusCommand.text(why, "lookAgainAt");
    out.println("Decides:   on every change" + (look.isEmpty() ? "" : ", and at " + look));
    why.path("findings").forEach(finding -> line(out, "Problem:   ", finding.asString("")));
  }

  private static void line(PrintWriter out, String title, String text) {
    if (!text.isEmpty()) {
      out.println(title + text);
    }
  }

  private static String or(String text, String other) {
    return text.isEmpty() ? other : text;
  }

  private static String values(JsonNode values) {
    List<String> parts = new ArrayList<>();
    values
        .propertyStream()
        .filter(entry -> entry.getValue().isNumber())
        .forEach(entry -> {
          boolean percent = entry.getKey().equals("cpu") || entry.getKey().equals("memory");
          String value = entry.getValue().asString("");
          parts.add(
              entry.getKey() + " " + (!percent ? value : value.equals("0") ? "off" : value + "%"));
        });
    return parts.isEmpty() ? "-" : String.join(", ", parts);
  }
}
