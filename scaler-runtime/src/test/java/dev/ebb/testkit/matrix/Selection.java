package dev.ebb.testkit.matrix;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which of the cells are played. */
enum Selection {
  /** One cell of each row, for every build. */
  ROWS {
    @Override
    List<Cell> of(List<Cell> cells, long seed) {
      Map<Integer, List<Cell>> rows = new LinkedHashMap<>();
      cells.forEach(cell -> rows.computeIfAbsent(cell.row(), row -> new ArrayList<>()).add(cell));
      return inOrder(cells, drawn(rows.values(), seed));
    }
  },
  /** Every row, and every point (each write, each list, …) struck by one of its faults. */
  POINTS {
    @Override
    List<Cell> of(List<Cell> cells, long seed) {
      Map<String, List<Cell>> points = new LinkedHashMap<>();
      Set<Cell> chosen = new HashSet<>();
      for (Cell cell : cells) {
        if (cell.point() == null) {
          chosen.add(cell);
        } else {
          points.computeIfAbsent(cell.point(), point -> new ArrayList<>()).add(cell);
        }
      }
      chosen.addAll(drawn(points.values(), seed));
      Set<Integer> rows = new LinkedHashSet<>();
      chosen.forEach(cell -> rows.add(cell.row()));
      cells.stream().filter(cell -> rows.add(cell.row())).forEach(chosen::add);
      return inOrder(cells, chosen);
    }
  },
  /** The whole cross product. */
  FULL {
    @Override
    List<Cell> of(List<Cell> cells, long seed) {
      return List.copyOf(cells);
    }
  };

  /**
   * Returns the cells to play, in their order.
   *
   * @param seed decides which of several cells is drawn; enough seeds in a row draw every cell
   */
  abstract List<Cell> of(List<Cell> cells, long seed);

  /** Returns the selection that {@code -Debb.matrix} asks for. */
  static Selection asked() {
    return valueOf(System.getProperty("ebb.matrix", "rows").toUpperCase(Locale.ROOT));
  }

  private static Set<Cell> drawn(Collection<List<Cell>> groups, long seed) {
    Set<Cell> drawn = new HashSet<>();
    long turn = seed;
    for (List<Cell> candidates : groups) {
      drawn.add(candidates.get((int) Math.floorMod(turn++, (long) candidates.size())));
    }
    return drawn;
  }

  private static List<Cell> inOrder(List<Cell> cells, Set<Cell> chosen) {
    return cells.stream().filter(chosen::contains).toList();
  }
}
