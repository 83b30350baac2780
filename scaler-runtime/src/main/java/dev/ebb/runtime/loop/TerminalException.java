package dev.ebb.runtime.loop;

/**
 * A failure that trying again cannot mend: somebody has to change something first. The loop counts
 * it, shows it, and reconciles the key only when it is added again.
 */
public final class TerminalException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what has to change. */
  public TerminalException(String message) {
    super(message);
  }

  /** Says what has to change, and why that is known. */
  public TerminalException(String message, Throwable cause) {
    super(message, cause);
  }
}
