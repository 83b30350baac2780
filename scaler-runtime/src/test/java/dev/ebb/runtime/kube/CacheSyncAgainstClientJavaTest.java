package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.config.InformerHealth;
import dev.ebb.runtime.model.Service;
import dev.ebb.testkit.SteppedClock;
import io.kubernetes.client.extended.controller.DefaultController;
import io.kubernetes.client.extended.controller.reconciler.Request;
import io.kubernetes.client.extended.controller.reconciler.Result;
import io.kubernetes.client.extended.workqueue.DefaultRateLimitingQueue;
import io.kubernetes.client.extended.workqueue.RateLimitingQueue;
import io.kubernetes.client.extended.workqueue.ratelimiter.ItemExponentialFailureRateLimiter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

/** Why a cache that cannot be filled ends the process (fact 4). */
class CacheSyncAgainstClientJavaTest {

  private final SteppedClock clock = new SteppedClock();
  private final WatchedApi api = new WatchedApi().list(1);
  private final List<String> ends = new CopyOnWriteArrayList<>();

  private Informer<Service> informer() {
    return new Informer<>(api.client(), Service.TYPE, null, Map.of(), clock);
  }

  @Test
  void clientJavaReturnsWithoutAWordAndReconcilesNothingFromThenOn() throws Exception {
    AtomicInteger reconciled = new AtomicInteger();
    RateLimitingQueue<Request> queue =
        new DefaultRateLimitingQueue<>(
            Executors.newSingleThreadExecutor(),
            new ItemExponentialFailureRateLimiter<>(Duration.ofMillis(1), Duration.ofSeconds(1)));
    DefaultController controller =
        new DefaultController(
            "theirs",
            request -> {
              reconciled.incrementAndGet();
              return new Result(false);
            },
            queue,
            () -> false);
    controller.setWorkerCount(1);
    controller.setWorkerThreadPool(Executors.newSingleThreadScheduledExecutor());
    controller.setReadyTimeout(Duration.ofMillis(50));
    controller.setReadyCheckInternal(Duration.ofMillis(10));
    Thread running = Thread.ofPlatform().start(controller);

    assertThat(running.join(Duration.ofSeconds(10))).isTrue();

    queue.add(new Request("ns", "a"));
    await().during(Duration.ofMillis(300)).until(() -> reconciled.get() == 0);
    controller.shutdown();
    assertThat(controller.getWorkerThreadPool().awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void oursEndsTheProcessAndSaysWhichKindAndWhy() {
    api.answering(403);
    AtomicBoolean filled = new AtomicBoolean();
    Informer<Service> informer = informer();
    try (CacheSync sync = new CacheSync(List.of(informer), Duration.ofMillis(300), ends::add)) {
      sync.start(() -> filled.set(true));

      await().until(() -> ends.size() == 1);
      assertThat(ends.getFirst())
          .contains("services cannot be listed")
          .contains("403 services is forbidden")
          .contains("grant list and watch");
      assertThat(filled).isFalse();
      assertThat(InformerHealth.fresh(List.of(informer), clock).health().getStatus())
          .isEqualTo(Status.OUT_OF_SERVICE);
    }
  }

  @Test
  void oursGoesOnWhenAllIsFilled() {
    AtomicBoolean filled = new AtomicBoolean();
    try (CacheSync sync =
        new CacheSync(List.of(informer(), informer()), Duration.ofSeconds(10), ends::add)) {
      sync.start(() -> filled.set(true));

      await().untilTrue(filled);
      assertThat(ends).isEmpty();
    }
  }

  @Test
  void oursEndsNothingWhenItIsStoppedMeanwhile() {
    api.answering(500);
    CacheSync sync = new CacheSync(List.of(informer()), Duration.ofMillis(300), ends::add);
    sync.start(() -> {});
    sync.close();

    await().during(Duration.ofMillis(600)).until(ends::isEmpty);
  }

  @Test
  void oursIsNotReadyWhileItsViewIsStaleUnlessItServes() {
    Informer<Service> informer = informer();
    try (informer) {
      informer.start();
      InformerHealth decides = InformerHealth.fresh(List.of(informer), clock);
      InformerHealth serves = InformerHealth.filled(List.of(informer), clock);
      await().until(() -> decides.health().getStatus().equals(Status.UP));

      clock.advance(Duration.ofMinutes(4));

      assertThat(decides.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
      assertThat(decides.health().getDetails().get("services").toString()).contains("stale");
      assertThat(serves.health().getStatus()).isEqualTo(Status.UP);
    }
  }
}
