package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.loop.Reconciler.Result;
import dev.ebb.testkit.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoopDeadlineTest {

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SteppedClock clock = new SteppedClock();
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger stuck = new AtomicInteger();
  private final AtomicInteger good = new AtomicInteger();

  private ReconcileLoop<String> loop(Reconciler<String> reconciler) {
    return new ReconcileLoop<>(
        "test",
        reconciler,
        meters,
        LoopSettings.defaults().withClocks(clock, clock).withGrace(Duration.ofMillis(10)));
  }

  private Result hang(String key) throws InterruptedException {
    if (key.equals("stuck")) {
      stuck.incrementAndGet();
      never.await();
    }
    good.incrementAndGet();
    return Result.DONE;
  }

  private double count(String result) {
    return meters
        .counter("ebb_controller_reconcile", "controller", "test", "result", result)
        .count();
  }

  private void pass(ReconcileLoop<String> loop, Duration duration) {
    clock.advance(duration);
    loop.tick();
  }

  @Test
  void interruptsWhatRunsTooLongAndGoesOnWithOthers() {
    try (ReconcileLoop<String> loop = loop(this::hang)) {
      loop.start(1);
      loop.add("stuck");
      await().until(() -> stuck.get() == 1);
      loop.add("good");

      pass(loop, DEADLINE);
      await().until(() -> good.get() == 1);
    }

    assertThat(count("timeout")).isEqualTo(1);
    assertThat(count("error")).isZero();
    assertThat(count("success")).isEqualTo(1);
  }

  @Test
  void letsWhatIsWithinTheDeadlineEnd() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch go = new CountDownLatch(1);
    try (ReconcileLoop<String> loop =
        loop(key -> {
          stuck.incrementAndGet();
          go.await();
          interrupted.set(Thread.currentThread().isInterrupted());
          return Result.DONE;
        })) {
      loop.start(1);
      loop.add("slow");
      await().until(() -> stuck.get() == 1);
      pass(loop, DEADLINE.minusNanos(1));
      go.countDown();
      await().until(() -> count("success") == 1);
    }

    assertThat(interrupted).isFalse();
    assertThat(count("timeout")).isZero();
  }

  @Test
  void triesAgainWhatTimedOut() {
    try (ReconcileLoop<String> loop = loop(this::hang)) {
      loop.start(1);
      loop.add("stuck");
      await().until(() -> stuck.get() == 1);
      pass(loop, DEADLINE);
      await().until(() -> loop.status().failing() == 1);
      assertThat(loop.status().failures().getFirst().lastError()).contains("longer than PT2M");

      pass(loop, Duration.ofMillis(5));
      await().until(() -> stuck.get() == 2);
    }
  }

  @Test
  void countsOnceWhatIgnoresTheInterruptAndDoesNotReconcileItTwiceAtOnce() {
    AtomicBoolean go = new AtomicBoolean();
    AtomicInteger begun = new AtomicInteger();
    try (ReconcileLoop<String> loop =
        loop(key -> {
          begun.incrementAndGet();
          while (!go.get()) {
            LockSupport.parkNanos(1_000_000);
          }
          return Result.DONE;
        })) {
      loop.start(2);
      loop.add("deaf");
      await().until(() -> begun.get() == 1);
      pass(loop, DEADLINE);
      await().until(() -> count("timeout") == 1);
      loop.add("deaf");
      pass(loop, DEADLINE);

      assertThat(loop.status().running()).hasSize(1);
      assertThat(loop.status().running().getFirst().since()).isEqualTo(SteppedClock.START);
      assertThat(meters.get("workqueue_longest_running_processor_seconds").gauge().value())
          .isEqualTo(240.0);
      go.set(true);
      await().until(() -> begun.get() == 2 && count("success") == 1);
    }

    assertThat(count("timeout")).isEqualTo(1);
  }

  @Test
  void aLateInterruptDoesNotHitTheNextKey() {
    AtomicBoolean interrupted = new AtomicBoolean();
    try (ReconcileLoop<String> loop =
        loop(key -> {
          if (key.equals("swallows")) {
            stuck.incrementAndGet();
            while (!Thread.currentThread().isInterrupted()) {
              LockSupport.parkNanos(1_000_000);
            }
          } else {
            interrupted.set(Thread.currentThread().isInterrupted());
            good.incrementAndGet();
          }
          return Result.DONE;
        })) {
      loop.start(1);
      loop.add("swallows");
      await().until(() -> stuck.get() == 1);
      loop.add("next");
      pass(loop, DEADLINE);
      await().until(() -> good.get() == 1);
    }

    assertThat(interrupted).isFalse();
  }
}
