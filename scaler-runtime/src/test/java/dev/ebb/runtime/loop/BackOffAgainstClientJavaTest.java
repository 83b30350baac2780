package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.SteppedClock;
import io.kubernetes.client.extended.workqueue.ratelimiter.DefaultControllerRateLimiter;
import io.kubernetes.client.extended.workqueue.ratelimiter.ItemExponentialFailureRateLimiter;
import io.kubernetes.client.extended.workqueue.ratelimiter.RateLimiter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Why the loop has a back-off of its own. */
class BackOffAgainstClientJavaTest {

  private static final Duration BASE = Duration.ofMillis(5);

  @Test
  void clientJavaLetsAFailingFleetCrawlAtTenTriesAMinute() {
    RateLimiter<Integer> limiter = new DefaultControllerRateLimiter<>();

    List<Duration> delays = IntStream.range(0, 200).mapToObj(limiter::when).toList();

    // 200 objects that each failed once: the last waits for a hundred tokens, six seconds each.
    assertThat(delays.getLast()).isGreaterThan(Duration.ofMinutes(9));
  }

  @Test
  void oursTriesEveryObjectOfAFailingFleetAgainAfterItsOwnFiveMilliseconds() {
    SteppedClock clock = new SteppedClock();
    try (ReconcileLoop<Integer> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              throw new IOException("down");
            },
            new SimpleMeterRegistry(),
            LoopSettings.defaults().withClocks(clock, clock))) {
      IntStream.range(0, 200).forEach(loop::add);
      loop.start(1);
      Awaitility.await().until(() -> loop.status().failing() == 200);

      assertThat(loop.status().failures())
          .allMatch(f -> SteppedClock.START.plus(BASE).equals(f.nextTry()));
    }
  }

  @Test
  void clientJavaStartsAnewAfterSixtyFourFailures() {
    RateLimiter<String> limiter =
        new ItemExponentialFailureRateLimiter<>(BASE, Duration.ofSeconds(1000));

    List<Duration> delays = IntStream.range(0, 65).mapToObj(i -> limiter.when("a")).toList();

    assertThat(delays.get(63)).isEqualTo(Duration.ofSeconds(1000));
    assertThat(delays.get(64)).isEqualTo(BASE);
  }

  @Test
  void oursGrowsToThirtySecondsAndStaysThere() {
    List<Duration> delays = IntStream.rangeClosed(1, 1000).mapToObj(Failures::delay).toList();

    assertThat(delays.getFirst()).isEqualTo(BASE);
    assertThat(delays).isSorted();
    assertThat(delays.subList(13, 1000)).containsOnly(Duration.ofSeconds(30));
    assertThat(Failures.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void oursCountsEachKeyAlone() {
    Failures<String> failures = new Failures<>();
    for (int i = 0; i < 100; i++) {
      failures.count("poison", "always");
    }

    assertThat(failures.count("good", "once")).isOne();
    assertThat(failures.count("poison", "always")).isEqualTo(101);
    failures.forget("poison");
    assertThat(failures.count("poison", "again")).isOne();
  }
}
