package dev.ebb.localcluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.http.Dialer.Outcome;
import dev.ebb.localcluster.http.Dialer.Try;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialerTest {

  private static Try at(long millis, boolean good) {
    return new Try("svc", Duration.ofMillis(millis).toNanos(), good);
  }

  @Test
  void aGapLastsFromOneConnectionToTheNext() {
    List<Try> tries =
        List.of(at(0, true), at(30, true), at(10, false), at(20, false), at(40, false));

    assertThat(Outcome.of(tries)).isEqualTo(new Outcome(5, 3, 30));
  }

  @Test
  void withoutFailuresThereIsNone() {
    assertThat(Outcome.of(List.of(at(0, true), at(5000, true)))).isEqualTo(new Outcome(2, 0, 0));
    assertThat(Outcome.of(List.of())).isEqualTo(new Outcome(0, 0, 0));
  }
}
