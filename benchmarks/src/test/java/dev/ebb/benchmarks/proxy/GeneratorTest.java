package dev.ebb.benchmarks.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.localcluster.ClusterException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeneratorTest {

  private static final String SAID =
      """
      Stopped all clients for thread #0

      finished in 2.01s, 38556.50 req/s, 6.10MB/s
      requests: 77113 total, 77177 started, 77113 done, 77113 succeeded, 0 failed, 0 errored, 0 timeout
      status codes: 77113 2xx, 0 3xx, 0 4xx, 0 5xx
      """;

  @Test
  void readsHowManyWereAnsweredInWhatTime() {
    assertThat(Generator.parse(SAID)).isEqualTo(new Generator.Flood(77_113, 2.01));
    assertThat(Generator.parse(SAID.replace("2.01s", "950.5ms")).seconds()).isEqualTo(0.9505);
    // At the end of the time some have a status and no body yet
    assertThat(Generator.parse(SAID.replace("77113 2xx", "77120 2xx")).requests())
        .isEqualTo(77_113);
  }

  @Test
  void aRequestThatWasNotAnsweredWellSpoilsTheMeasurement() {
    for (String bad :
        List.of(
            SAID.replace("0 failed", "1 failed"),
            SAID.replace("0 timeout", "2 timeout"),
            SAID.replace("77113 2xx, 0 3xx, 0 4xx, 0 5xx", "77112 2xx, 0 3xx, 0 4xx, 1 5xx"),
            SAID.replace("77113 done, 77113", "0 done, 0"),
            "h2load: unrecognized option")) {
      assertThatThrownBy(() -> Generator.parse(bad)).isInstanceOf(ClusterException.class);
    }
  }

  @Test
  void readsTheTimesOfTheLog() {
    assertThat(Generator.micros(List.of("1795886944625753\t200\t900", "1795886944625758\t200\t7")))
        .containsExactly(900L, 7L);
  }

  @Test
  void theMedianOfTheRoundsIsTaken() {
    assertThat(Contender.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2.0);
    assertThat(Contender.median(List.of())).isNaN();
  }
}
