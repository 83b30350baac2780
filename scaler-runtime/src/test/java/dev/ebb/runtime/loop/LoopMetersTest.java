package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.loop.Reconciler.Result;
import dev.ebb.testkit.SteppedClock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LoopMetersTest {

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final SteppedClock clock = new SteppedClock();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private Result reconcile(String key) throws Exception {
    switch (key) {
      case "error" -> throw new IOException("refused");
      case "panic" -> throw new IllegalStateException("bug");
      case "terminal" -> throw new TerminalException("no such kind");
      case "later" -> {
        return Result.after(Duration.ofHours(1));
      }
      case "slow" -> {
        begun.countDown();
        go.await();
      }
      default -> {}
    }
    return Result.DONE;
  }

  private ReconcileLoop<String> loop() {
    return new ReconcileLoop<>(
        "c", this::reconcile, meters, LoopSettings.defaults().withClocks(clock, clock));
  }

  @Test
  void countsEveryOutcomeUnderItsOwnName() {
    try (ReconcileLoop<String> loop = loop().start(1)) {
      for (String key : new String[] {"error", "panic", "terminal", "later", "good"}) {
        loop.add(key);
      }
      await().until(() -> loop.status().depth() == 0 && loop.status().running().isEmpty());
      await()
          .until(
              () -> meters.scrape().contains("reconcile_time_seconds_count{controller=\"c\"} 5"));
    }

    assertThat(meters.scrape())
        .contains("ebb_controller_reconcile_total{controller=\"c\",result=\"error\"} 1.0")
        .contains("ebb_controller_reconcile_total{controller=\"c\",result=\"panic\"} 1.0")
        .contains("ebb_controller_reconcile_total{controller=\"c\",result=\"terminal\"} 1.0")
        .contains("ebb_controller_reconcile_total{controller=\"c\",result=\"requeue_after\"} 1.0")
        .contains("ebb_controller_reconcile_total{controller=\"c\",result=\"success\"} 1.0")
        .contains("ebb_controller_reconcile_total{controller=\"c\",result=\"timeout\"} 0.0")
        .contains("workqueue_retries_total{name=\"c\"} 2.0")
        .contains("workqueue_adds_total{name=\"c\"} 8.0");
  }

  @Test
  void showsWhatWaitsAndWhatRuns() throws Exception {
    try (ReconcileLoop<String> loop = loop().start(3)) {
      loop.add("slow");
      begun.await();
      loop.add("slow");
      loop.addAfter("much later", Duration.ofHours(1));
      clock.advance(Duration.ofSeconds(7));

      assertThat(meters.scrape())
          .contains("ebb_controller_active_workers{controller=\"c\"} 1.0")
          .contains("ebb_controller_max_concurrent_reconciles{controller=\"c\"} 3.0")
          .contains("workqueue_unfinished_work_seconds{name=\"c\"} 7.0")
          .contains("workqueue_longest_running_processor_seconds{name=\"c\"} 7.0")
          .contains("workqueue_depth{name=\"c\"} 0.0");
      go.countDown();
      await()
          .until(() ->
              meters.scrape().contains("workqueue_work_duration_seconds_count{name=\"c\"} 2"));
    }

    assertThat(meters.scrape()).contains("workqueue_work_duration_seconds_sum{name=\"c\"} 7.0");
  }

  @Test
  void tellsForHowLongKeysWaitedForAWorker() {
    try (ReconcileLoop<String> loop = loop()) {
      loop.add("a");
      clock.advance(Duration.ofSeconds(3));
      assertThat(meters.scrape()).contains("workqueue_depth{name=\"c\"} 1.0");
      loop.start(1);
      await().until(() -> loop.depth() == 0);
    }

    assertThat(meters.scrape())
        .contains("workqueue_queue_duration_seconds_count{name=\"c\"} 1")
        .contains("workqueue_queue_duration_seconds_sum{name=\"c\"} 3.0");
  }
}
