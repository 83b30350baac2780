package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.loop.Reconciler.Result;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LoopCloseTest {

  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private ReconcileLoop<String> loop(Duration grace) {
    return new ReconcileLoop<>(
        "test",
        key -> {
          begun.countDown();
          try {
            go.await();
            done.add(key);
          } catch (InterruptedException e) {
            interrupted.set(true);
            throw e;
          }
          return Result.DONE;
        },
        new SimpleMeterRegistry(),
        LoopSettings.defaults().withGrace(grace));
  }

  @Test
  void waitsForWhatRunsAndTakesNoMore() throws Exception {
    ReconcileLoop<String> loop = loop(Duration.ofSeconds(30)).start(1);
    loop.add("running");
    begun.await();
    loop.add("waiting");
    Thread closing = Thread.ofVirtual().start(loop::close);
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    loop.add("late");
    go.countDown();
    closing.join();

    assertThat(done).containsExactly("running");
    assertThat(interrupted).isFalse();
    assertThat(loop.depth()).isOne();
  }

  @Test
  void interruptsWhatRunsLongerThanTheGrace() throws Exception {
    ReconcileLoop<String> loop = loop(Duration.ofMillis(10)).start(1);
    loop.add("running");
    begun.await();
    loop.close();

    assertThat(interrupted).isTrue();
    assertThat(done).isEmpty();
    assertThat(loop.status().running()).isEmpty();
  }

  @Test
  void mayBeClosedTwiceAndBeforeItWasStarted() {
    ReconcileLoop<String> loop = loop(Duration.ofSeconds(30));
    loop.add("a");
    loop.close();
    loop.close();

    assertThat(loop.start(1).status().running()).isEmpty();
    assertThat(done).isEmpty();
  }
}
