package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.loop.Reconciler.Result;
import dev.ebb.testkit.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                throw new IOException("always");
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

  /** Throws anything without saying so. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        NullPointerException.class,
        NoClassDefFoundError.class,
        AssertionError.class,
        Throwable.class
      })
  void whateverIsThrownNeitherKillsTheWorkerNorLosesTheKey(Class<? extends Throwable> type)
      throws Exception {
    Throwable failure = type.getConstructor().newInstance();
    List<String> seen = new CopyOnWriteArrayList<>();
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              seen.add(key);
              if (seen.size() <= 3) {
                ReconcileLoopTest.<RuntimeException>sneak(failure);
              }
              return Result.DONE;
            },
            meters)) {
      loop.start(1);
      loop.add("a");
      await().until(() -> seen.size() == 4 && loop.status().failing() == 0);
    }

    assertThat(seen).containsOnly("a").hasSize(4);
  }

  @Test
  void anErrorOfTheMachineIsReportedAndTheWorkerGoesOn() {
    AtomicInteger count = new AtomicInteger();
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              if (count.incrementAndGet() == 1) {
                throw new StackOverflowError();
              }
              return Result.DONE;
            },
            meters)) {
      loop.start(1);
      loop.add("a");
      // Awaitility would take what is reported as its own failure.
      await().dontCatchUncaughtExceptions().until(() -> count.get() == 2);
    }
  }

  @Test
  void aReconcilerThatReturnsNothingIsAPanic() {
    try (ReconcileLoop<String> loop = new ReconcileLoop<>("test", key -> null, meters)) {
      loop.start(1);
      loop.add("a");
      await().until(() -> loop.status().failing() == 1);
    }

    assertThat(
            meters
                .counter("ebb_controller_reconcile", "controller", "test", "result", "panic")
                .count())
        .isPositive();
  }

  @Test
  void aTerminalFailureIsNotTriedAgainBeforeTheKeyIsAddedAgain() {
    SteppedClock clock = new SteppedClock();
    AtomicInteger count = new AtomicInteger();
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              if (count.incrementAndGet() == 1) {
                throw new TerminalException("no such kind");
              }
              return Result.DONE;
            },
            meters,
            LoopSettings.defaults().withClocks(clock, clock))) {
      loop.start(1);
      loop.add("a");
      await().until(() -> loop.status().failing() == 1);
      assertThat(loop.depth()).isZero();

      loop.add("a");
      await().until(() -> loop.status().failing() == 0);
    }

    assertThat(count).hasValue(2);
  }

  @Test
  void whatWasAddedBeforeTheStartGivesWayToChanges() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              begun.countDown();
              go.await();
              order.add(key);
              return Result.DONE;
            },
            meters)) {
      for (int i = 0; i < 3; i++) {
        loop.add("listed " + i);
      }
      loop.start(1);
      begun.await();
      loop.add("resync", Priority.LIST);
      loop.add("changed");
      loop.add("listed 2");
      go.countDown();
      await().until(() -> order.size() == 5);
    }

    assertThat(order).containsExactly("listed 0", "listed 2", "changed", "listed 1", "resync");
  }

  @Test
  void aDelayedKeyIsNotHeldUpByAWorkerThatIsBusy() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch late = new CountDownLatch(1);
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              if (key.equals("busy")) {
                go.await();
              } else {
                late.countDown();
              }
              return Result.DONE;
            },
            meters)) {
      loop.start(2);
      loop.addAfter("late", Duration.ofMillis(50));
      loop.add("busy");
      assertThat(late.await(10, TimeUnit.SECONDS)).isTrue();
      go.countDown();
    }
  }

  @Test
  void losesNothingWhenFourWorkersTakeTenThousandKeys() {
    Map<Integer, AtomicInteger> counts = new ConcurrentHashMap<>();
    try (ReconcileLoop<Integer> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              counts.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
              return key % 3 == 0 && counts.get(key).get() == 1
                  ? Result.after(Duration.ofMillis(1))
                  : Result.DONE;
            },
            meters)) {
      loop.start(4);
      for (int i = 0; i < 10_000; i++) {
        loop.add(i, i % 2 == 0 ? Priority.LIST : Priority.CHANGE);
      }
      await().until(() -> loop.depth() == 0 && loop.status().running().isEmpty());
    }

    assertThat(counts).hasSize(10_000);
    assertThat(counts.entrySet())
        .allMatch(e -> e.getValue().get() == (e.getKey() % 3 == 0 ? 2 : 1));
  }
}
