package dev.ebb.autoscaler.activity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What once went wrong. */
class ReplicaStateRegressionTest {
  @Test
  void aHalfReadEventIsNoWord() {
    Instant t = Instant.parse("2026-03-01T12:00:00Z");
    ReplicaState state = new ReplicaState("a", Duration.ofSeconds(3), t);
    state.accept(
        new ActivityEvent(
            "i", 0, List.of(new ActivityEvent.Entry("ns", "shop", 0, 0, 0, 0, 0, null, false))),
        t);
    try {
      state.accept(
          new ActivityEvent(
              "i",
              0,
              List.of(
                  new ActivityEvent.Entry("ns", "shop", 1, 0, 0, 0, 0, null, false),
                  new ActivityEvent.Entry("ns", "", 0, 0, 0, 0, 0, null, false))),
          t.plusSeconds(60));
    } catch (RuntimeException e) {
      // expected
    }
    assertThat(state.view().lastEvent()).isEqualTo(t);
  }
}
