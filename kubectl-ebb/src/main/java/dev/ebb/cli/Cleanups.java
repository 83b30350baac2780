package dev.ebb.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Shows what becomes of ordinals that StatefulSets were scaled away from. Stateless. */
final class Cleanups {

  private Cleanups() {}

  /** Writes a table of all, unless there are none. */
  static void list(PrintWriter out, JsonNode list, boolean all) {
    if (list.isEmpty()) {
      return;
    }
    List<String> header = new ArrayList<>(List.of("CLEANUP", "STATE", "FAILED", "NEXT", "WHY"));
    if (all) {
      header.addFirst("NAMESPACE");
    }
    Table table = new Table(header.toArray(String[]::new));
    for (JsonNode one : list) {
      String attempts = StatusCommand.text(one, "attempts");
      List<String> cells =
          new ArrayList<>(
              List.of(
                  Kind.SCALE_DOWN_CLEANUP.shown(StatusCommand.text(one, "name")),
                  StatusCommand.text(one, "state"),
                  attempts.equals("0") ? "" : attempts,
                  StatusCommand.text(one, "nextAttemptAt"),
                  StatusCommand.text(one, "message")));
      if (all) {
        cells.addFirst(StatusCommand.text(one, "namespace"));
      }
      table.add(cells.toArray(String[]::new));
    }
    table.print(out);
  }

  /** Writes a decision. */
  static void explain(PrintWriter out, String name, JsonNode why) {
    String message = StatusCommand.text(why, "message");
    out.println(name + ": " + (message.isEmpty() ? "nothing is left of it" : message));
    String state = StatusCommand.text(why, "state");
    out.println("State:     " + (state.isEmpty() ? "-" : state));
    List<String> steps = new ArrayList<>();
    why.path("steps").forEach(step -> steps.add(step.asString("")));
    out.println("Does now:  " + (steps.isEmpty() ? "nothing" : String.join(", ", steps)));
    String look = StatusCommand.text(why, "lookAgainAt");
    out.println("Decides:   on every change" + (look.isEmpty() ? "" : ", and at " + look));
    why.path("findings").forEach(finding -> out.println("Problem:   " + finding.asString("")));
  }
}
