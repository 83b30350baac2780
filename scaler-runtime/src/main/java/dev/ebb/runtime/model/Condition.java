package dev.ebb.runtime.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A status condition as Kubernetes defines it.
 *
 * @param type what it is about
 * @param status True, False or Unknown
 * @param reason one CamelCase word
 * @param message for humans
 * @param observedGeneration the generation that it was judged on; null in kinds without
 * @param lastTransitionTime when the status changed last; null when unknown
 */
public record Condition(
    String type,
    String status,
    String reason,
    String message,
    @Nullable Long observedGeneration,
    @Nullable Instant lastTransitionTime) {

  /** Replaces what is absent by empty text. */
  public Condition {
    type = Lists.text(type);
    status = Lists.text(status);
    reason = Lists.text(reason);
    message = Lists.text(message);
  }

  /** Returns whether the status is True. */
  @JsonIgnore // Jackson would write a property named "true".
  public boolean isTrue() {
    return "True".equals(status);
  }

  /** Returns whether this says the same as another, transition time aside. */
  public boolean sameAs(Condition other) {
    return type.equals(other.type)
        && status.equals(other.status)
        && reason.equals(other.reason)
        && message.equals(other.message)
        && java.util.Objects.equals(observedGeneration, other.observedGeneration);
  }
}
