package dev.ebb.gateway.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is answered by the gateway itself instead of the workload. Carries no stack trace:
 * it is an answer, not a fault.
 */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final Duration COME_AGAIN = Duration.ofSeconds(5);

  private final int status;
  private final String reason;
  private final transient @Nullable Duration retryAfter;

  /**
   * Creates an answer.
   *
   * @param status the HTTP status
   * @param reason one CamelCase word, the same as in metrics and Events
   * @param message what happened and what to do
   * @param retryAfter when to come again; null when that does not help
   */
  public Refusal(int status, String reason, String message, @Nullable Duration retryAfter) {
    super(message, null, false, false);
    this.status = status;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /** The answer to who had to wait for longer than the wake timeout. */
  static Refusal timedOut(RouteSpec spec) {
    return new Refusal(
        504,
        "WakeTimeout",
        spec.target() + " had no ready pod within " + spec.wakeTimeout().toSeconds() + " s",
        COME_AGAIN);
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Returns the reason in one word. */
  public String reason() {
    return reason;
  }

  /** Returns when to come again, or null. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
