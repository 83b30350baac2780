package dev.ebb.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {

  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATER = T.plus(Duration.ofMinutes(5)).plusMillis(7);

  private final List<Condition> before =
      new Conditions(null, 1, T).set("Ready", true, "Managed", "fine").list();

  @Test
  void theTimeStaysWhileTheStatusDoesWhateverElseIsSaid() {
    Condition after =
        new Conditions(before, 2, LATER).set("Ready", true, "Other", "good").list().getFirst();

    assertThat(after).isEqualTo(new Condition("Ready", "True", "Other", "good", 2L, T));
  }

  @Test
  void theTimeChangesWithTheStatusInWholeSeconds() {
    Condition after =
        new Conditions(before, 2, LATER).set("Ready", "Unknown", "Lost", "?").list().getFirst();

    assertThat(after.lastTransitionTime()).isEqualTo(T.plus(Duration.ofMinutes(5)));
  }

  @Test
  void aMessageIsNeverLongerThanReadersBear() {
    Condition after =
        new Conditions(before, 1, T)
            .set("Ready", false, "Long", "x".repeat(9999))
            .list()
            .getFirst();

    assertThat(after.message()).hasSize(1024);
  }
}
