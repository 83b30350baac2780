package dev.ebb.scaler;

import java.util.Objects;

/** A {@link ResourceScaler} could not do what it was asked; {@link #kind()} says what follows. */
public final class ScalerException extends RuntimeException {

  /** What went wrong, and so whether trying again helps. */
  public enum Kind {
    /** The target does not exist, or its kind has no scale. Trying again does not help. */
    NOT_FOUND,
    /** The target changed since it was read: read again and decide anew. */
    CONFLICT,
    /** Not allowed, or refused by an admission policy. Trying again does not help. */
    FORBIDDEN,
    /** The request itself is wrong. Trying again does not help. */
    INVALID,
    /** The API cannot be reached or is overloaded: try again with a back-off. */
    UNAVAILABLE
  }

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /**
   * Creates the error.
   *
   * @param kind what went wrong
   * @param message what happened and what to do, for humans
   */
  public ScalerException(Kind kind, String message) {
    super(message);
    this.kind = Objects.requireNonNull(kind);
  }

  /**
   * Creates the error with its cause.
   *
   * @param kind what went wrong
   * @param message what happened and what to do, for humans
   * @param cause the underlying failure
   */
  public ScalerException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind);
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }

  /** Returns whether the same request may succeed later without anybody changing anything. */
  public boolean retryable() {
    return kind == Kind.UNAVAILABLE || kind == Kind.CONFLICT;
  }
}
