package dev.ebb.testkit.matrix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The matrix as people read it. */
final class Table {

  private Table() {}

  static String of(
      String service, List<Player.Result> results, Map<Integer, String> without, Duration took) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "fault matrix of %s: %d cells in %d s, %d failed"
            .formatted(
                service,
                results.size(),
                took.toSeconds(),
                results.stream().filter(r -> r.failure() != null).count()));
    TreeSet<Integer> rows = new TreeSet<>(Rows.TITLES.keySet());
    for (int row : rows) {
      List<Player.Result> cells = results.stream().filter(r -> r.cell().row() == row).toList();
      long failed = cells.stream().filter(r -> r.failure() != null).count();
      String outcome =
          without.containsKey(row)
              ? "left out: " + without.get(row)
              : cells.isEmpty() ? "not played" : failed > 0 ? failed + " FAILED" : "held";
      lines.add(
          "  %2d  %-62s %3d cells  %5s  %s"
              .formatted(row, Rows.TITLES.get(row), cells.size(), longest(cells), outcome));
    }
    return String.join("\n", lines);
  }

  private static String longest(List<Player.Result> cells) {
    return cells.stream()
        .map(Player.Result::took)
        .max(Comparator.naturalOrder())
        .map(took -> took.toSeconds() + " s")
        .orElse("");
  }
}
