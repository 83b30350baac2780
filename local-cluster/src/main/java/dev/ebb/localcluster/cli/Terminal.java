package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Progress;

/** Where the progress of all verbs goes. */
final class Terminal {

  private Terminal() {}

  /** Progress goes to standard error, so that standard output stays a result. */
  static Progress progress() {
    boolean terminal = System.getenv("TERM") != null && "1".equals(System.getenv("EBB_TTY"));
    return Progress.on(System.err, terminal);
  }
}
