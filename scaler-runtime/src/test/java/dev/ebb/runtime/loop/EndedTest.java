package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.KubeException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndedTest {

  private static Duration retryAfter(Throwable failure, int failures) {
    return new Ended(Outcome.ERROR, null, failure).retryAfter(failures);
  }

  @Test
  void isTriedAgainNoSoonerThanTheApiServerAsked() {
    KubeException refused =
        new KubeException(429, "TooManyRequests", "come back", Duration.ofSeconds(7));

    assertThat(retryAfter(refused, 1)).isEqualTo(Duration.ofSeconds(7));
    assertThat(retryAfter(new IllegalStateException("wrapped", refused), 1))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(retryAfter(refused, 100)).isEqualTo(Failures.delay(100));
  }

  @Test
  void isTriedAgainByItsOwnDelayElse() {
    assertThat(retryAfter(new KubeException(500, "", "broken"), 3)).isEqualTo(Failures.delay(3));
    assertThat(retryAfter(new IllegalStateException("bug"), 1)).isEqualTo(Failures.delay(1));
  }
}
