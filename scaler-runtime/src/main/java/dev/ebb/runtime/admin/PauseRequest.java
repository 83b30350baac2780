package dev.ebb.runtime.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ebb.runtime.model.Durations;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code pause}, the same for all kinds.
 *
 * @param length how long; null for until it is resumed
 */
public record PauseRequest(
    @Schema(description = "How long, as in 90s or 1h30m; absent: until resume", example = "2h")
        @JsonProperty("for")
        @Nullable String length) {

  /** The longest pause that ends by itself. */
  static final Duration LONGEST = Duration.ofDays(366);

  /**
   * Returns when the pause ends, or null for not by itself.
   *
   * @throws org.springframework.web.ErrorResponseException when the length cannot be read
   */
  public @Nullable Instant until(Instant now) {
    if (length == null) {
      return null;
    }
    return Durations.parse(length)
        .filter(d -> d.isPositive() && d.compareTo(LONGEST) <= 0)
        .map(d -> now.plus(d).truncatedTo(ChronoUnit.SECONDS))
        .orElseThrow(() ->
            Problems.invalid(
                "for",
                "\"%s\" is not a duration from 1s to a year; write for example \"2h\", or leave it out"
                    .formatted(length)));
  }
}
