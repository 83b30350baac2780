package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.extended.workqueue.DefaultDelayingQueue;
import io.kubernetes.client.extended.workqueue.DefaultWorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Why the loop has a queue of its own. */
class QueueAgainstClientJavaTest {

  private static final Duration DELAY = Duration.ofMillis(1);

  @Test
  void clientJavaDropsDelayedKeysWithoutAWordWhenAThousandWait() {
    CountDownLatch busy = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      executor.execute(() -> Awaitility.await().until(() -> busy.getCount() == 0));
      DefaultDelayingQueue<Integer> queue = new DefaultDelayingQueue<>(executor);
      for (int i = 0; i < 1500; i++) {
        queue.addAfter(i, DELAY);
      }
      busy.countDown();
      Awaitility.await().until(() -> queue.length() == 1000);
      // What is offered after those comes after those: nothing is still on its way.
      queue.addAfter(-1, DELAY);
      Awaitility.await().until(() -> queue.length() > 1000);

      assertThat(queue.length()).isEqualTo(1001);
      queue.shutDown();
      executor.shutdownNow();
    }
  }

  @Test
  void oursKeepsEveryDelayedKey() {
    WorkQueue<Integer> queue = new WorkQueue<>();
    for (int i = 0; i < 100_000; i++) {
      queue.add(i, Priority.CHANGE, 0, DELAY);
    }

    assertThat(queue.depth(DELAY.toNanos())).isEqualTo(100_000);
  }

  @Test
  void clientJavaLetsAChangeWaitBehindTheWholeList() throws Exception {
    DefaultWorkQueue<String> queue = new DefaultWorkQueue<>();
    for (int i = 0; i < 1000; i++) {
      queue.add("listed " + i);
    }
    queue.add("changed");

    List<String> order = new ArrayList<>();
    while (queue.length() > 0) {
      order.add(queue.get());
    }
    assertThat(order.getLast()).isEqualTo("changed");
  }

  @Test
  void oursHandsTheChangeOutFirst() {
    WorkQueue<String> queue = new WorkQueue<>();
    for (int i = 0; i < 1000; i++) {
      queue.add("listed " + i, Priority.LIST, 0, Duration.ZERO);
    }
    queue.add("changed", Priority.CHANGE, 1, Duration.ZERO);

    WorkQueue.Entry<String> first = queue.take(2);
    assertThat(first).isNotNull();
    assertThat(first.key()).isEqualTo("changed");
  }
}
