package dev.ebb.localcluster;

import java.io.Serial;

/** This kind of cluster cannot do what was asked; another kind can. */
public final class NotPossibleException extends ClusterException {

  @Serial private static final long serialVersionUID = 1L;

  /** Says in one line what is not possible, and where it is. */
  public NotPossibleException(String message) {
    super(message);
  }
}
