package dev.ebb.testkit.matrix;

/** What the matrix writes itself into objects; no controller may care. */
final class Marks {

  /** Another writer was here. */
  static final String TOUCHED = "matrix.ebb.dev/touched";

  private Marks() {}
}
