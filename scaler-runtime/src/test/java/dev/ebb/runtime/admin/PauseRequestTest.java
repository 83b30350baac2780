package dev.ebb.runtime.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.ErrorResponseException;

class PauseRequestTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.5Z");

  @ParameterizedTest
  @CsvSource({"2h,2026-03-01T14:00:00Z", "90s,2026-03-01T12:01:30Z", "8784h,2027-03-02T12:00:00Z"})
  void endsAfterItsLength(String length, Instant until) {
    assertThat(new PauseRequest(length).until(NOW)).isEqualTo(until);
  }

  @Test
  void withoutALengthItDoesNotEndByItself() {
    assertThat(new PauseRequest(null).until(NOW)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "-1h", "tomorrow", "2", "8785h"})
  void namesTheFieldThatIsWrongAndTheRemedy(String length) {
    assertThatThrownBy(() -> new PauseRequest(length).until(NOW))
        .isInstanceOfSatisfying(
            ErrorResponseException.class,
            e -> {
              assertThat(e.getStatusCode().value()).isEqualTo(400);
              assertThat(e.getBody().getDetail()).contains("for", "2h");
              assertThat(e.getBody().getProperties()).containsEntry("field", "for");
            });
  }
}
