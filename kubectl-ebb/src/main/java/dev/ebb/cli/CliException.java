package dev.ebb.cli;

/** What a command cannot do, said so that the user knows what to do. */
final class CliException extends RuntimeException {

  /** Something was asked for and refused. */
  static final int REFUSED = 1;

  /** Ebb, the cluster or a tool that is needed cannot be reached. */
  static final int UNREACHABLE = 3;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CliException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  static CliException refused(String message) {
    return new CliException(REFUSED, message);
  }

  static CliException unreachable(String message) {
    return new CliException(UNREACHABLE, message);
  }

  int exitCode() {
    return exitCode;
  }
}
