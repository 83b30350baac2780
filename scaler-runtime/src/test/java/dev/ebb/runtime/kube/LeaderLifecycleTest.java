package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.config.InformerMeters;
import dev.ebb.runtime.config.LeaderLifecycle;
import dev.ebb.runtime.kube.LeaderLease.Timing;
import dev.ebb.runtime.loop.LoopSettings;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A service with a leader from its start to its end. */
class LeaderLifecycleTest {

  private static final ResourceKey KEY = new ResourceKey("ns", "ebb-test");
  private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/ns/leases/ebb-test";
  private static final Timing SHORT =
      new Timing(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMillis(50));

  private final MemoryApi api = new MemoryApi();
  private final WatchedApi watched = new WatchedApi().list(5, WatchedApi.service("a", "u", 4));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> ends = new CopyOnWriteArrayList<>();
  private final LeaderLease lease =
      new LeaderLease(api.client(), KEY, "me", Clock.systemUTC(), System::nanoTime, SHORT);
  private final Informer<Service> informer =
      new Informer<>(watched.client(), Service.TYPE, null, Map.of(), Clock.systemUTC());

  private LeaderLifecycle lifecycle(ReconcileLoop<?>... loops) {
    return new LeaderLifecycle(
        new CacheSync(List.of(informer), Duration.ofSeconds(10), ends::add),
        lease,
        ends::add,
        () -> List.of(loops).forEach(loop -> loop.start(1)),
        List.of(loops));
  }

  private String holder() {
    return api.at(LEASE).at("/spec/holderIdentity").asString("");
  }

  @Test
  void releasesTheLeaseOnlyWhenNothingIsWrittenAnyMore() {
    CountDownLatch finish = new CountDownLatch(1);
    AtomicBoolean heldAtTheEnd = new AtomicBoolean();
    ReconcileLoop<String> loop =
        new ReconcileLoop<>(
            "test",
            key -> {
              finish.await();
              heldAtTheEnd.set(holder().equals("me"));
              return Reconciler.Result.DONE;
            },
            meters);
    LeaderLifecycle lifecycle = lifecycle(loop);
    lifecycle.start();
    loop.add("a");
    await().until(() -> loop.status().running().size() == 1);

    Thread stopping = Thread.ofVirtual().start(lifecycle::stop);
    await().during(Duration.ofMillis(300)).until(() -> holder().equals("me"));
    finish.countDown();

    await().until(() -> !stopping.isAlive());
    assertThat(heldAtTheEnd).isTrue();
    assertThat(holder()).isEmpty();
    assertThat(ends).isEmpty();
  }

  @Test
  void loopsThatDoNotEndAreWaitedForSideBySide() {
    LoopSettings settings = LoopSettings.defaults().withGrace(Duration.ofSeconds(1));
    ReconcileLoop<String> one = new ReconcileLoop<>("one", key -> forever(), meters, settings);
    ReconcileLoop<String> two = new ReconcileLoop<>("two", key -> forever(), meters, settings);
    LeaderLifecycle lifecycle = lifecycle(one, two);
    lifecycle.start();
    one.add("a");
    two.add("a");
    await().until(() -> one.status().running().size() == 1 && two.status().running().size() == 1);
    long began = System.nanoTime();

    lifecycle.stop();

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofMillis(900), Duration.ofMillis(1900));
  }

  private static Reconciler.Result forever() throws InterruptedException {
    new CountDownLatch(1).await();
    return Reconciler.Result.DONE;
  }

  @Test
  void endsTheProcessWhenTheLeaseIsLost() {
    LeaderLifecycle lifecycle = lifecycle();
    lifecycle.start();
    await().until(lease::mayWrite);

    api.down(request -> true);

    await().until(() -> ends.size() == 1);
    assertThat(ends.getFirst()).contains("lease ns/ebb-test is lost");
    api.down(request -> false);
    lifecycle.stop();
  }

  @Test
  void showsWhatTheCachesHoldAndWhetherTheyKeepUp() throws Exception {
    new InformerMeters(List.of(informer), Clock.systemUTC()).bindTo(meters);
    try (informer) {
      informer.start();
      assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
      informer.wrote(WatchedApi.object("a", "u", 9));

      assertThat(meters.get("ebb_informer_objects").tag("resource", "services").gauge().value())
          .isEqualTo(1);
      assertThat(meters.get("ebb_informer_own_writes").gauge().value()).isEqualTo(1);
      assertThat(meters.get("ebb_informer_own_writes_expired").functionCounter().count()).isZero();
      assertThat(meters.get("ebb_informer_stale_lists").functionCounter().count()).isZero();
      assertThat(meters.get("ebb_informer_silence_seconds").gauge().value()).isBetween(0.0, 10.0);
    }
  }
}
