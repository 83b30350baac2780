package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.loop.Reconciler.Result;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReconcileLoopTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void reconcilesAKeyOnceHoweverOftenItWasAdded() {
    Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              counts.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
              return Result.DONE;
            },
            meters);
    for (int i = 0; i < 100; i++) {
      loop.add("a");
      loop.add("b");
    }
    try (loop) {
      loop.start(2);
      await().until(() -> counts.size() == 2 && loop.depth() == 0);
    }

    assertThat(counts.values()).allMatch(c -> c.get() == 1);
  }

  @Test
  void neverReconcilesAKeyTwiceAtOnceAndLosesNoAdd() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger total = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              first.countDown();
              go.await();
              running.decrementAndGet();
              total.incrementAndGet();
              return Result.DONE;
            },
            meters)) {
      loop.start(4);
      loop.add("a");
      first.await();
      loop.add("a");
      go.countDown();
      await().until(() -> total.get() == 2);
    }

    assertThat(most).hasValue(1);
  }

  @Test
  void triesAgainAfterAnErrorAndAPoisonedKeyHoldsNobodyUp() {
    AtomicInteger poison = new AtomicInteger();
    AtomicInteger good = new AtomicInteger();
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              if (key.equals("poison")) {
                poison.incrementAndGet();
                throw new IllegalStateException("always");
              }
              good.incrementAndGet();
              return Result.DONE;
            },
            meters)) {
      loop.start(1);
      loop.add("poison");
      await().until(() -> poison.get() >= 4);
      loop.add("good");
      await().until(() -> good.get() == 1);
    }

    assertThat(
            meters
                .counter("ebb_controller_reconcile", "controller", "test", "result", "error")
                .count())
        .isGreaterThanOrEqualTo(4);
  }

  @Test
  void looksAgainWhenAsked() {
    AtomicInteger count = new AtomicInteger();
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> count.incrementAndGet() < 3 ? Result.after(Duration.ofMillis(5)) : Result.DONE,
            meters)) {
      loop.start(1);
      loop.add("a");
      await().until(() -> count.get() == 3);
    }
  }

  @Test
  void theEarlierOfTwoTimesWins() {
    AtomicInteger count = new AtomicInteger();
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              count.incrementAndGet();
              return Result.DONE;
            },
            meters)) {
      loop.start(1);
      loop.addAfter("a", Duration.ofHours(1));
      loop.add("a");
      await().until(() -> count.get() == 1);
      assertThat(loop.depth()).isZero();
    }
  }
}
