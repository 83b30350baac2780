package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PaceTest {

  @Test
  void timeInWhichOthersWorkCountsInPart() {
    assertThat(Pace.share(20, 20)).isEqualTo(1);
    assertThat(Pace.share(20, 200)).isEqualTo(0.1);
    // The two clocks do not agree to the nanosecond.
    assertThat(Pace.share(21, 20)).isEqualTo(1);
    assertThat(Pace.share(0, 0)).isEqualTo(1);
  }

  @Test
  void asksUntilItHolds() {
    AtomicInteger asked = new AtomicInteger();
    try (Pace pace = new Pace()) {
      pace.await(
          "the third time",
          Duration.ofMillis(1),
          Duration.ofMinutes(1),
          () -> asked.incrementAndGet() < 3 ? new AssertionError("not yet") : null);
    }
    assertThat(asked).hasValue(3);
  }

  @Test
  void tellsWhatDidNotHold() {
    try (Pace pace = new Pace()) {
      assertThatThrownBy(() ->
              pace.await(
                  "never",
                  Duration.ofMillis(1),
                  Duration.ofMillis(1),
                  () -> new AssertionError("not so")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("never, within PT0.001S: not so");
    }
  }
}
