package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import io.kubernetes.client.informer.ListerWatcher;
import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.informer.cache.Caches;
import io.kubernetes.client.informer.cache.DeltaFIFO;
import io.kubernetes.client.informer.cache.Lister;
import io.kubernetes.client.informer.cache.ReflectorRunnable;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1ListMeta;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watchable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Why the informer is no client-java informer. */
class InformerAgainstClientJavaTest {

  private static final ResourceKey A = new ResourceKey("ns", "a");

  private final SteppedClock clock = new SteppedClock();
  private final WatchedApi api = new WatchedApi();

  private Informer<Service> informer() {
    return new Informer<>(api.client(), Service.TYPE, null, Map.of(), clock);
  }

  private static String version(Informer<Service> informer) {
    return informer.get(A).map(s -> s.metadata().resourceVersion()).orElse("none");
  }

  /** Lists what it is told, and ends each watch at once. */
  private static final class Told implements ListerWatcher<V1Pod, V1PodList> {
    private final List<CallGeneratorParams> lists = new CopyOnWriteArrayList<>();
    private volatile String version = "100";
    private volatile boolean failing;

    @Override
    public V1PodList list(CallGeneratorParams params) throws ApiException {
      lists.add(params);
      if (failing) {
        throw new ApiException(500, "down");
      }
      return new V1PodList()
          .metadata(new V1ListMeta().resourceVersion(version))
          .addItemsItem(
              new V1Pod()
                  .metadata(new V1ObjectMeta().namespace("ns").name("a").resourceVersion(version)));
    }

    @Override
    public Watchable<V1Pod> watch(CallGeneratorParams params) throws ApiException {
      throw new ApiException(410, "gone");
    }
  }

  // Fact 7: lists.

  @Test
  void clientJavaListsFromTheWatchCacheAndTakesAListThatGoesBackInTime() throws Exception {
    Told told = new Told();
    Cache<V1Pod> cache = new Cache<>();
    DeltaFIFO queue = new DeltaFIFO(Caches::deletionHandlingMetaNamespaceKeyFunc, cache);

    new ReflectorRunnable<>(V1Pod.class, told, queue).run();
    queue.pop(deltas -> cache.add((V1Pod) deltas.peekLast().getRight()));
    told.version = "50";
    new ReflectorRunnable<>(V1Pod.class, told, queue).run();
    queue.pop(deltas -> cache.update((V1Pod) deltas.peekLast().getRight()));

    assertThat(told.lists).allMatch(params -> "0".equals(params.resourceVersion));
    assertThat(cache.getByKey("ns/a").getMetadata().getResourceVersion()).isEqualTo("50");
  }

  @Test
  void oursNoticesAListThatGoesBackInTimeAndDoesNotTakeIt() throws Exception {
    api.list(100, WatchedApi.service("a", "u", 100)).list(50, WatchedApi.service("a", "u", 50));
    try (Informer<Service> informer = informer().start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();

      api.event("ERROR", "{\"message\":\"too old\"}");

      await().until(() -> informer.counts().staleLists() >= 2);
      assertThat(version(informer)).isEqualTo("100");
      assertThat(informer.lastProblem()).contains("version 50").contains("lags behind");

      api.list(120, WatchedApi.service("a", "u", 110));
      await().until(() -> version(informer).equals("110"));
      assertThat(informer.lastProblem()).isNull();
    }
  }

  @Test
  void oursTakesAListThatStaysBackAsAfterARestore() throws Exception {
    api.list(100, WatchedApi.service("a", "u", 100)).list(50, WatchedApi.service("a", "u", 50));
    try (Informer<Service> informer = informer().start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
      api.event("ERROR", "{\"message\":\"too old\"}");
      await().until(() -> informer.counts().staleLists() >= 1);

      clock.advance(Informer.STALE_PATIENCE);

      await().until(() -> version(informer).equals("50"));
    }
  }

  @Test
  void oursDoesNotTakeAnEventThatIsOlderThanWhatItKnows() throws Exception {
    api.list(100, WatchedApi.service("a", "u", 100));
    try (Informer<Service> informer = informer().start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();

      api.event("MODIFIED", WatchedApi.service("a", "u", 90));
      api.event("ADDED", WatchedApi.service("b", "v", 101));

      await().until(() -> informer.get(new ResourceKey("ns", "b")).isPresent());
      assertThat(version(informer)).isEqualTo("100");
    }
  }

  @Test
  void clientJavaAsksAFailingServerAgainWithoutAnyPauseOfItsOwn() {
    // Its factory calls run() once a second whatever happens; the reflector itself keeps no count.
    Told told = new Told();
    told.failing = true;
    ReflectorRunnable<V1Pod, V1PodList> reflector =
        new ReflectorRunnable<>(
            V1Pod.class,
            told,
            new DeltaFIFO(Caches::deletionHandlingMetaNamespaceKeyFunc, new Cache<V1Pod>()));
    long began = System.nanoTime();

    for (int i = 0; i < 100; i++) {
      reflector.run();
    }

    assertThat(told.lists).hasSize(100);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void oursAsksAFailingServerLessAndLess() {
    api.list(1).answering(500);
    try (Informer<Service> informer = informer().start()) {
      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(4))
          .until(() -> !informer.synced());
      // 200, 400, 800 ms, 1.6 s, then 2 s, each between half and whole.
      assertThat(api.listed()).isBetween(3, 7);
    }
  }

  @Test
  void oursDoesNotRunInCirclesWhenEveryWatchEndsAtOnce() {
    api.list(100, WatchedApi.service("a", "u", 100));
    for (int i = 0; i < 1000; i++) {
      api.endWatch();
    }
    try (Informer<Service> informer = informer().start()) {
      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(4))
          .until(() -> informer.counts().staleLists() == 0);
      assertThat(api.watched()).isBetween(2, 10);
    }
  }

  @Test
  void oursGoesOnWhereABrokenConnectionEnded() throws Exception {
    api.list(100, WatchedApi.service("a", "u", 100));
    try (Informer<Service> informer = informer().start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
      api.event("MODIFIED", WatchedApi.service("a", "u", 103));
      await().until(() -> version(informer).equals("103"));

      api.breakWatch();

      await().until(() -> api.watched() == 2);
      assertThat(api.watchedFrom()).isEqualTo("103");
      assertThat(api.listed()).isOne();
      await().until(() -> informer.lastProblem() == null);
    }
  }

  // Fact 8: what is handed out.

  @Test
  void clientJavaHandsOutWhatEverybodyElseSeesToo() {
    Cache<V1Pod> cache = new Cache<>();
    cache.add(
        new V1Pod()
            .metadata(new V1ObjectMeta().namespace("ns").name("a").putLabelsItem("app", "shop")));
    Lister<V1Pod> lister = new Lister<>(cache);

    lister.get("ns/a").getMetadata().putLabelsItem("app", "spoilt");

    assertThat(lister.get("ns/a").getMetadata().getLabels()).containsEntry("app", "spoilt");
  }
}
