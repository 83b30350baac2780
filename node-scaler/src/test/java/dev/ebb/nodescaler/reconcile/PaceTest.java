package dev.ebb.nodescaler.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final ResourceKey KEY = new ResourceKey("games", "arena");

  private final SteppedClock clock = new SteppedClock();
  private final List<Duration> delays = new ArrayList<>();
  private final Pace pace = new Pace((key, delay) -> delays.add(delay), clock);

  @Test
  void theFirstGoesThroughAtOnceAndTheOthersTogether() {
    pace.accept(KEY);
    clock.advance(Duration.ofMillis(30));
    pace.accept(KEY);
    clock.advance(Duration.ofMillis(30));
    pace.accept(KEY);
    clock.advance(Duration.ofMillis(40));
    pace.accept(KEY);

    assertThat(delays)
        .containsExactly(
            Duration.ZERO, Duration.ofMillis(70), Duration.ofMillis(40), Duration.ZERO);
  }
}
