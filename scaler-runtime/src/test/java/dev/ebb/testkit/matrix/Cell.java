package dev.ebb.testkit.matrix;

import org.jspecify.annotations.Nullable;

/**
 * One fault at one point of the scenario.
 *
 * @param row the row of the matrix
 * @param name which fault, and where
 * @param children whether it starts processes, of which few may start at the same time
 * @param point what several cells strike each in its own way, for example one write: a {@link
 *     Selection} that is not whole plays one of them; null when it is always played
 * @param world where it plays; null for a new one
 * @param play what is done in the cell's own trial
 */
record Cell(
    int row,
    String name,
    boolean children,
    @Nullable String point,
    @Nullable World world,
    Play play) {

  Cell(int row, String name, Play play) {
    this(row, name, false, null, null, play);
  }

  /** Returns a cell that starts processes. */
  static Cell ofChildren(int row, String name, Play play) {
    return new Cell(row, name, true, null, null, play);
  }

  /** Returns this cell as one of those that strike a point. */
  Cell at(String where) {
    return new Cell(row, name, children, where, world, play);
  }

  /** Returns this cell in a world that is there already. */
  Cell in(World prepared) {
    return new Cell(row, name, children, point, prepared, play);
  }

  /** Plays the scenario under the fault and asserts what must hold. */
  @FunctionalInterface
  interface Play {
    /** Plays; what it throws is the cell's failure. */
    void on(Trial trial) throws Exception;
  }

  /** Returns a name that files and objects can carry. */
  String slug() {
    return "r%02d-%s"
        .formatted(row, name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-"))
        .replaceAll("-$", "");
  }
}
