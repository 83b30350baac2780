package dev.ebb.runtime.kube;

import java.io.IOException;
import java.time.Duration;

/** The Kubernetes API refused a request or could not be reached. */
public final class KubeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final Duration retryAfter;

  /**
   * A refusal by the API server.
   *
   * @param code the HTTP status code
   * @param reason the machine-readable reason of the Status object, empty when it had none
   * @param message what the API server said
   */
  public KubeException(int code, String reason, String message) {
    this(code, reason, message, Duration.ZERO);
  }

  /**
   * A refusal by an API server that says when to come back.
   *
   * @param code the HTTP status code
   * @param reason the machine-readable reason of the Status object, empty when it had none
   * @param message what the API server said
   * @param retryAfter how long it wants to be left alone
   */
  public KubeException(int code, String reason, String message, Duration retryAfter) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /**
   * The API server gave no answer.
   *
   * @param what the request, for the message
   * @param cause why
   */
  public KubeException(String what, IOException cause) {
    super(what + ": " + cause.getMessage(), cause);
    this.code = 0;
    this.reason = "Unreachable";
    this.retryAfter = Duration.ZERO;
  }

  /** Returns the HTTP status code, 0 when there was no answer. */
  public int code() {
    return code;
  }

  /** Returns the machine-readable reason, empty when unknown. */
  public String reason() {
    return reason;
  }

  /** Returns how long the API server wants to be left alone, zero when it did not say. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** Returns whether the object does not exist. */
  public boolean notFound() {
    return code == 404;
  }

  /** Returns whether a version or UID precondition did not hold, or the name is taken. */
  public boolean conflict() {
    return code == 409;
  }

  /** Returns whether the account may not do this. */
  public boolean forbidden() {
    return code == 401 || code == 403;
  }

  /** Returns whether the same request may succeed later: no answer, overload, server errors. */
  public boolean transientFailure() {
    return code == 0 || code == 429 || code >= 500;
  }
}
