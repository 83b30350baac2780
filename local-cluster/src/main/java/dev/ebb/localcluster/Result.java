package dev.ebb.localcluster;

/**
 * How a command ended.
 *
 * @param command what ran, for messages
 * @param exitCode its exit code
 * @param out everything it wrote to standard output
 * @param err everything it wrote to standard error
 */
public record Result(String command, int exitCode, String out, String err) {

  /** Whether the command exited with 0. */
  public boolean ok() {
    return exitCode == 0;
  }

  /** This result if it is {@link #ok()}; otherwise an exception that says what failed, and why. */
  public Result orThrow() {
    if (ok()) {
      return this;
    }
    String why = err.isBlank() ? out : err;
    throw new ClusterException(command + " failed with " + exitCode + ": " + why.strip());
  }
}
