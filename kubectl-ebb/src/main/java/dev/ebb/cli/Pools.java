package dev.ebb.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Shows what points Services at pods. Stateless. */
final class Pools {

  private Pools() {}

  /** Writes a table of all, unless there are none. */
  static void list(PrintWriter out, JsonNode list, boolean all) {
    if (list.isEmpty()) {
      return;
    }
    List<String> header =
        new ArrayList<>(List.of("POOL", "STRATEGY", "SERVICES", "PODS", "IMBALANCE", "WHY"));
    if (all) {
      header.addFirst("NAMESPACE");
    }
    Table table = new Table(header.toArray(String[]::new));
    for (JsonNode one : list) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  Kind.SERVICE_POOL.shown(StatusCommand.text(one, "name")),
                  strategy(one),
                  StatusCommand.text(one, "services"),
                  StatusCommand.text(one, "eligible") + "/" + StatusCommand.text(one, "pods"),
                  StatusCommand.text(one, "imbalance"),
                  StatusCommand.text(one, "message")));
      if (all) {
        cells.addFirst(StatusCommand.text(one, "namespace"));
      }
      table.add(cells.toArray(String[]::new));
    }
    table.print(out);
  }

  private static String strategy(JsonNode one) {
    String mode = StatusCommand.text(one, "mode");
    String strategy = StatusCommand.text(one, "strategy");
    return mode.equals("Paused") || mode.equals("Observe")
        ? strategy + " (" + mode.toLowerCase(Locale.ROOT) + ")"
        : strategy;
  }

  /** Writes a decision with its inputs. */
  static void explain(PrintWriter out, String name, JsonNode why) {
    out.println(name + ": " + StatusCommand.text(why, "message"));
    lines(out, "Writes:    ", why.path("changes"));
    int deferred = why.path("deferred").asInt(0);
    if (deferred > 0) {
      out.println("Later:     " + deferred + " more");
    }
    String look = StatusCommand.text(why, "lookAgainAt");
    out.println("Decides:   on every change" + (look.isEmpty() ? "" : ", and at " + look));
    lines(out, "Problem:   ", why.path("findings"));
    lines(out, "Refused:   ", why.path("refused"));
    out.println();
    Table pods = new Table("POD", "STANDING", "SERVICES");
    Map<String, List<String>> held = held(why.path("map"));
    why.path("pods")
        .propertyStream()
        .forEach(pod ->
            pods.add(
                pod.getKey(),
                pod.getValue().asString("").toLowerCase(Locale.ROOT),
                String.join(" ", held.getOrDefault(pod.getKey(), List.of()))));
    held.forEach((pod, services) -> {
      if (!why.path("pods").has(pod)) {
        pods.add(pod.isEmpty() ? "-" : pod, "gone", String.join(" ", services));
      }
    });
    pods.print(out);
  }

  private static void lines(PrintWriter out, String title, JsonNode texts) {
    texts.forEach(text -> out.println(title + text.asString("")));
  }

  /** Writes what a map would be. */
  static void simulation(PrintWriter out, JsonNode simulation) {
    Map<String, List<String>> held = held(simulation.path("map"));
    out.println(
        "With %s pods %s of %d Services would move."
            .formatted(
                StatusCommand.text(simulation, "pods"),
                StatusCommand.text(simulation, "moves"),
                simulation.path("map").size()));
    out.println();
    Table table = new Table("POD", "SERVICES");
    held.forEach((pod, services) -> table.add(pod, String.join(" ", services)));
    table.print(out);
  }

  /** Each pod with its Services. */
  private static Map<String, List<String>> held(JsonNode map) {
    Map<String, List<String>> held = new TreeMap<>();
    map.propertyStream()
        .forEach(entry ->
            held.computeIfAbsent(entry.getValue().asString(""), pod -> new ArrayList<>())
                .add(entry.getKey()));
    return held;
  }
}
