package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.loop.Reconciler.Result;
import dev.ebb.testkit.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LoopStatusTest {

  private final SteppedClock clock = new SteppedClock();
  private final AtomicBoolean broken = new AtomicBoolean(true);

  private ReconcileLoop<String> loop() {
    return new ReconcileLoop<>(
        "test",
        key -> {
          if (key.startsWith("terminal")) {
            throw new TerminalException("no such kind");
          }
          if (broken.get()) {
            throw new IOException("x".repeat(10_000));
          }
          return Result.DONE;
        },
        new SimpleMeterRegistry(),
        LoopSettings.defaults().withClocks(clock, clock));
  }

  private static void settle(ReconcileLoop<String> loop) {
    await().until(() -> loop.status().depth() == 0 && loop.status().running().isEmpty());
  }

  @Test
  void namesAFailingKeyItsErrorAndItsNextTry() {
    try (ReconcileLoop<String> loop = loop().start(1)) {
      loop.add("a");
      settle(loop);
      LoopStatus status = loop.status();

      assertThat(status.failing()).isOne();
      assertThat(status.lastError()).isEqualTo(SteppedClock.START);
      assertThat(status.lastSuccess()).isNull();
      LoopStatus.Failing failing = status.failures().getFirst();
      assertThat(failing.key()).isEqualTo("a");
      assertThat(failing.count()).isOne();
      assertThat(failing.lastError()).startsWith("java.io.IOException: xxx").hasSizeLessThan(600);
      assertThat(failing.nextTry()).isEqualTo(SteppedClock.START.plusMillis(5));
    }
  }

  @Test
  void forgetsAKeyThatSucceeds() {
    try (ReconcileLoop<String> loop = loop().start(1)) {
      loop.add("a");
      settle(loop);
      broken.set(false);
      clock.advance(Duration.ofSeconds(1));
      loop.tick();
      await().until(() -> loop.status().failing() == 0);

      assertThat(loop.status().lastSuccess()).isEqualTo(SteppedClock.START.plusSeconds(1));
      assertThat(loop.status().failures()).isEmpty();
    }
  }

  @Test
  void aTerminalFailureHasNoNextTry() {
    try (ReconcileLoop<String> loop = loop().start(1)) {
      loop.add("terminal");
      settle(loop);

      assertThat(loop.status().failures().getFirst().nextTry()).isNull();
      assertThat(loop.status().delayed()).isZero();
    }
  }

  @Test
  void listsFiftyFailingKeysAtMostAndCountsAll() {
    try (ReconcileLoop<String> loop = loop().start(1)) {
      for (int i = 0; i < 60; i++) {
        loop.add("terminal " + i);
      }
      settle(loop);
      loop.add("terminal 59");
      await().until(() -> loop.status().failures().getFirst().count() == 2);

      assertThat(loop.status().failing()).isEqualTo(60);
      assertThat(loop.status().failures()).hasSize(50);
      assertThat(loop.status().failures().getFirst().key()).isEqualTo("terminal 59");
    }
  }
}
