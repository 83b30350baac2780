package dev.ebb.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteSpecTest {

  @ParameterizedTest(name = "onWake {0}, remembered {1}, max {2}, HPA {3}..{4} -> {5}")
  @CsvSource({
    ",,,0,2147483647,1",
    ",3,,0,2147483647,3",
    ",0,,0,2147483647,1",
    "5,3,,0,2147483647,5",
    ",3,2,0,2147483647,2",
    ",1,,2,10,2",
    ",20,,2,10,10",
    "5,,4,6,10,4",
    ",,,0,0,1"
  })
  void wakesToWhatWasThereWithinAllBounds(
      Integer onWake, Integer remembered, Integer max, int hpaMin, int hpaMax, int expected) {
    RouteSpec spec =
        new RouteSpec(
            new ResourceKey("ns", "n"),
            "uid",
            new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "n")),
            Duration.ofMinutes(5),
            10,
            onWake,
            remembered,
            max,
            false,
            false,
            null);

    assertThat(spec.wakeReplicas(hpaMin, hpaMax)).isEqualTo(expected);
  }
}
