package dev.ebb.testkit.matrix;

/**
 * One fault at one point of the scenario.
 *
 * @param row the row of the matrix
 * @param name which fault, and where
 * @param children whether it starts processes, of which few may start at the same time
 * @param play what is done in the cell's own trial
 */
record Cell(int row, String name, boolean children, Play play) {

  Cell(int row, String name, Play play) {
    this(row, name, false, play);
  }

  /** Plays the scenario under the fault and asserts what must hold. */
  @FunctionalInterface
  interface Play {
    /** Plays; what it throws is the cell's failure. */
    void on(Trial trial) throws Exception;
  }

  /**
   * Returns how soon all must be well again: what is promised, and what a machine that is busy with
   * other builds needs to start a process or to let this one run at all.
   */
  java.time.Duration patience() {
    return Trial.CONVERGES.plus(Trial.STARTS);
  }

  /** Returns a name that files and objects can carry. */
  String slug() {
    return "r%02d-%s"
        .formatted(row, name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-"))
        .replaceAll("-$", "");
  }
}
