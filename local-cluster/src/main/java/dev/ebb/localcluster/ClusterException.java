package dev.ebb.localcluster;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Something about the cluster failed; the message is one clear line for the user, remedy included.
 */
public sealed class ClusterException extends RuntimeException permits NotPossibleException {

  @Serial private static final long serialVersionUID = 1L;

  /** A failure that has no other cause. */
  public ClusterException(String message) {
    super(message);
  }

  /** A failure with the exception that led to it. */
  public ClusterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
