package dev.ebb.testkit.matrix;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the cells a build plays: every row, and every point (each write, each list, …) struck by
 * one of the faults that can strike it. The whole cross product is for the soak.
 */
final class Selection {

  private Selection() {}

  /**
   * Returns the cells to play, in their order.
   *
   * @param seed decides which fault strikes which point; the seeds of a row of builds strike every
   *     point with every fault
   */
  static List<Cell> reduced(List<Cell> cells, long seed) {
    Map<String, List<Cell>> points = new LinkedHashMap<>();
    Set<Cell> chosen = new HashSet<>();
    for (Cell cell : cells) {
      if (cell.point() == null) {
        chosen.add(cell);
      } else {
        points.computeIfAbsent(cell.point(), point -> new ArrayList<>()).add(cell);
      }
    }
    long turn = seed;
    for (List<Cell> candidates : points.values()) {
      chosen.add(candidates.get((int) Math.floorMod(turn++, (long) candidates.size())));
    }
    Set<Integer> rows = new LinkedHashSet<>();
    chosen.forEach(cell -> rows.add(cell.row()));
    for (Cell cell : cells) {
      if (rows.add(cell.row())) {
        chosen.add(cell);
      }
    }
    return cells.stream().filter(chosen::contains).toList();
  }
}
