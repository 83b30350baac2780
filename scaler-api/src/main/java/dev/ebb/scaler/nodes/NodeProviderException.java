package dev.ebb.scaler.nodes;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A cloud did not do what it was asked; {@link #kind()} says what follows. */
public final class NodeProviderException extends RuntimeException {

  /** What went wrong, and so whether trying again helps. */
  public enum Kind {
    /** The reference to the pool is incomplete or makes no sense. */
    INVALID,
    /** There is no such cluster or pool. */
    NOT_FOUND,
    /** The credentials are wrong, or do not allow it. */
    FORBIDDEN,
    /** The cloud has no more machines to give, or the account may not have more. */
    EXHAUSTED,
    /** Too much was asked in a short time; {@link #retryAfter()} says how long to wait. */
    RATE_LIMITED,
    /** The cloud cannot be reached, or failed: try again later. */
    UNAVAILABLE
  }

  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final Duration retryAfter;

  /**
   * Creates the error.
   *
   * @param kind what went wrong
   * @param message what happened and what to do, for humans
   */
  public NodeProviderException(Kind kind, String message) {
    this(kind, message, Duration.ZERO, null);
  }

  /**
   * Creates the error.
   *
   * @param kind what went wrong
   * @param message what happened and what to do, for humans
   * @param retryAfter how long the cloud wants to be left alone; zero when it did not say
   * @param cause why; null when there is no more to know
   */
  public NodeProviderException(
      Kind kind, String message, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind);
    this.retryAfter = Objects.requireNonNull(retryAfter);
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }

  /** Returns how long the cloud wants to be left alone, zero when it did not say. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
