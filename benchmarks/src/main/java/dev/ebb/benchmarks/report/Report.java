package dev.ebb.benchmarks.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The outcome of one benchmark.
 *
 * @param name the benchmark
 * @param where commit and machine, in words
 * @param figures what was measured
 */
public record Report(String name, String where, List<Figure> figures) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Copies the list. */
  public Report {
    figures = List.copyOf(figures);
  }

  /** Prints the table, and as the last line one JSON object if that is wanted. */
  public void print(PrintStream out, boolean json) {
    table().forEach(out::println);
    if (json) {
      out.println(JSON.writeValueAsString(json()));
    }
  }

  /** Names the gates that are missed, each with value and gate. */
  public List<String> missed() {
    return figures.stream()
        .filter(figure -> figure.verdict() == Bound.Verdict.GATE_MISSED)
        .map(figure ->
            figure.name()
                + " is "
                + number(figure.value())
                + " "
                + figure.unit()
                + ", the gate is "
                + number(figure.bound().gate()))
        .toList();
  }

  /** The table that a human reads. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    int width = figures.stream().mapToInt(figure -> figure.name().length()).max().orElse(10);
    lines.add(name + " (" + where + ")");
    lines.add(row(width, "", "measured", "unit", "gate", "goal", ""));
    for (Figure figure : figures) {
      lines.add(
          row(
              width,
              figure.name(),
              number(figure.value()),
              figure.unit(),
              number(figure.bound().gate()),
              number(figure.bound().goal()),
              figure.verdict().text()));
    }
    return lines;
  }

  private static String row(int width, String name, String... cells) {
    return String.format(
            Locale.ROOT,
            "  %-" + width + "s  %10s %-9s %7s %7s  %s",
            name,
            cells[0],
            cells[1],
            cells[2],
            cells[3],
            cells[4])
        .stripTrailing();
  }

  private static String number(@Nullable Double value) {
    if (value == null) {
      return "";
    }
    boolean whole = Math.abs(value) >= 1000 || value == Math.rint(value);
    return String.format(
        Locale.ROOT, whole ? "%.0f" : Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
  }

  private ObjectNode json() {
    ObjectNode root = JSON.createObjectNode().put("benchmark", name).put("where", where);
    ArrayNode array = root.putArray("figures");
    for (Figure figure : figures) {
      ObjectNode node = array.addObject().put("name", figure.name()).put("value", figure.value());
      node.put("unit", figure.unit());
      if (figure.bound().gate() != null) {
        node.put("gate", figure.bound().gate());
      }
      if (figure.bound().goal() != null) {
        node.put("goal", figure.bound().goal());
      }
      node.put("verdict", figure.verdict().name());
    }
    return root.put("passed", missed().isEmpty());
  }
}
