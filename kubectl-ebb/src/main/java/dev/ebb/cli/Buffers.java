package dev.ebb.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Shows how many servers can start at once, and why nodes stay. Stateless. */
final class Buffers {

  private Buffers() {}

  /** Writes a table of all, unless there are none. */
  static void list(PrintWriter out, JsonNode list, boolean all) {
    if (list.isEmpty()) {
      return;
    }
    List<String> header =
        new ArrayList<>(
            List.of("BUFFER", "FREE", "PENDING", "COMING", "USED", "NODES", "DRAINING", "WHY"));
    if (all) {
      header.addFirst("NAMESPACE");
    }
    Table table = new Table(header.toArray(String[]::new));
    for (JsonNode one : list) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  name(one),
                  text(one, "free") + "/" + text(one, "desired"),
                  text(one, "pending"),
                  text(one, "coming"),
                  text(one, "used"),
                  text(one, "nodes") + " of " + text(one, "min") + "-" + text(one, "max"),
                  text(one, "draining"),
                  text(one, "message")));
      if (all) {
        cells.addFirst(text(one, "namespace"));
      }
      table.add(cells.toArray(String[]::new));
    }
    table.print(out);
  }

  private static String name(JsonNode one) {
    String mode = text(one, "mode");
    String name = Kind.NODE_BUFFER.shown(text(one, "name"));
    return mode.equals("Paused") || mode.equals("Observe")
        ? name + " (" + mode.toLowerCase(Locale.ROOT) + ")"
        : name;
  }

  /** Writes a decision with its inputs. */
  static void explain(PrintWriter out, String name, JsonNode why) {
    out.println(name + ": " + text(why, "message"));
    out.println("Does now:  " + steps(why));
    counts(out, why.path("counts"));
    String size = text(why, "size");
    out.println(
        "Cloud:     "
            + (size.isEmpty()
                ? "it cannot be read: " + text(why, "cloudProblem")
                : size + " nodes"));
    String look = text(why, "lookAgainAt");
    out.println("Decides:   on every change" + (look.isEmpty() ? "" : ", and at " + look));
    why.path("findings").forEach(finding -> out.println("Problem:   " + finding.asString("")));
    out.println();
    Table table = new Table("NODE", "STATE", "FREE", "STAYS", "DETAIL");
    for (JsonNode node : why.path("nodes")) {
      table.add(
          text(node, "name"),
          text(node, "state"),
          text(node, "free"),
          text(node, "stays"),
          text(node, "detail"));
    }
    table.print(out);
  }

  /** Writes what would be decided. */
  static void simulation(PrintWriter out, JsonNode simulation) {
    out.println(
        "With %s more servers, at %s:"
            .formatted(text(simulation, "servers"), text(simulation, "at")));
    out.println("Would do:  " + steps(simulation));
    counts(out, simulation.path("counts"));
    String limit = text(simulation, "limit");
    if (!limit.isEmpty()) {
      out.println("Limit:     " + limit);
    }
  }

  private static String steps(JsonNode decision) {
    List<String> steps = new ArrayList<>();
    decision.path("steps").forEach(step -> steps.add(step.asString("")));
    return steps.isEmpty() ? "nothing" : String.join(", ", steps);
  }

  private static void counts(PrintWriter out, JsonNode counts) {
    if (counts.isObject()) {
      out.println(
          "Slots:     %s free of %s wanted, %s start, %s asked for, %s wait, %s used, %s a new node"
              .formatted(
                  text(counts, "free"),
                  text(counts, "desired"),
                  text(counts, "starting"),
                  text(counts, "upcoming"),
                  text(counts, "pending"),
                  text(counts, "used"),
                  text(counts, "perNode")));
    }
  }

  private static String text(JsonNode node, String field) {
    return StatusCommand.text(node, field);
  }
}
