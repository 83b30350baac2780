package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubernetes.client.extended.controller.DefaultController;
import io.kubernetes.client.extended.controller.reconciler.Reconciler;
import io.kubernetes.client.extended.controller.reconciler.Request;
import io.kubernetes.client.extended.controller.reconciler.Result;
import io.kubernetes.client.extended.workqueue.DefaultRateLimitingQueue;
import io.kubernetes.client.extended.workqueue.RateLimitingQueue;
import io.kubernetes.client.extended.workqueue.ratelimiter.ItemExponentialFailureRateLimiter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Why the loop is no client-java controller. That client-java has no deadline cannot be shown by a
 * test that ends; what ours does is in {@link LoopDeadlineTest}.
 */
class ControllerAgainstClientJavaTest {

  private static final Duration SOON = Duration.ofMillis(1);

  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final RateLimitingQueue<Request> queue =
      new DefaultRateLimitingQueue<>(
          executor, new ItemExponentialFailureRateLimiter<>(SOON, Duration.ofSeconds(1)));
  private final AtomicInteger calls = new AtomicInteger();

  @AfterEach
  void stop() {
    queue.shutDown();
    executor.shutdownNow();
  }

  private DefaultController start(Reconciler reconciler, CollectorRegistry registry) {
    DefaultController controller = new DefaultController("theirs", reconciler, queue, registry);
    controller.setWorkerCount(1);
    controller.setWorkerThreadPool(Executors.newSingleThreadScheduledExecutor());
    Thread.ofVirtual().start(controller);
    return controller;
  }

  @Test
  void clientJavaDoesNotForgetFailuresWhenALaterLookSucceeds() {
    Request request = new Request("default", "periodic");
    DefaultController controller =
        start(
            r -> {
              if (calls.incrementAndGet() <= 3) {
                throw new IllegalStateException("down");
              }
              return new Result(true, SOON);
            },
            CollectorRegistry.defaultRegistry);
    queue.add(request);
    await().until(() -> calls.get() >= 6);

    assertThat(queue.numRequeues(request)).isEqualTo(3);
    controller.shutdown();
  }

  @Test
  void oursForgetsFailuresWhenALaterLookSucceeds() {
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "ours",
            key -> {
              if (calls.incrementAndGet() <= 3) {
                throw new IllegalStateException("down");
              }
              return dev.ebb.runtime.loop.Reconciler.Result.after(SOON);
            },
            new SimpleMeterRegistry())) {
      loop.start(1);
      loop.add("periodic");
      await().until(() -> calls.get() >= 6);

      assertThat(loop.status().failing()).isZero();
    }
  }

  @Test
  void clientJavaIgnoresTheRegistryItIsGivenAndCountsNoPanicsOrTimeouts() {
    CollectorRegistry given = new CollectorRegistry();
    DefaultController controller =
        start(
            r -> {
              calls.incrementAndGet();
              throw new IllegalStateException("bug");
            },
            given);
    queue.add(new Request("default", "broken"));
    await().until(() -> calls.get() >= 3);

    assertThat(Collections.list(given.metricFamilySamples())).isEmpty();
    List<Collector.MetricFamilySamples> theirs =
        Collections.list(CollectorRegistry.defaultRegistry.metricFamilySamples()).stream()
            .filter(family -> family.name.startsWith("controller_"))
            .toList();
    assertThat(theirs)
        .extracting(family -> family.name)
        .containsExactlyInAnyOrder("controller_work_queue_length", "controller_reconcile_count");
    assertThat(theirs)
        .flatExtracting(family -> family.samples)
        .flatExtracting(sample -> ((Collector.MetricFamilySamples.Sample) sample).labelNames)
        .containsOnly("name", "requeue");
    controller.shutdown();
  }

  @Test
  void oursCountsPanicsInTheRegistryItIsGiven() {
    SimpleMeterRegistry given = new SimpleMeterRegistry();
    try (ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "ours",
            key -> {
              throw new IllegalStateException("bug");
            },
            given)) {
      loop.start(1);
      loop.add("broken");
      await()
          .until(() ->
              given
                      .counter("ebb_controller_reconcile", "controller", "ours", "result", "panic")
                      .count()
                  >= 3);
    }
  }
}
