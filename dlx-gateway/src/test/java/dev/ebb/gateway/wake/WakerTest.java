package dev.ebb.gateway.wake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.gateway.route.Backend;
import dev.ebb.gateway.route.HoldBudget;
import dev.ebb.gateway.route.Refusal;
import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.RouteSpec;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.IntOrString;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import dev.ebb.scaler.ScalerException.Kind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WakerTest {

  private static final ScaleTarget TARGET =
      new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "shop"));
  private static final Route.Port PORT = new Route.Port("shop", "http", new IntOrString(8080));
  private static final Backend POD = new Backend("uid-1", "shop-1", "10.0.0.1", 8080);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final World world = new World();
  private final Waker waker =
      new Waker(new ResourceScalers(List.of(world)), world, executor, new SimpleMeterRegistry());
  private final Route route =
      new Route(
          new RouteSpec(
              new ResourceKey("ns", "shop"),
              "uid",
              TARGET,
              Duration.ofMinutes(5),
              1_000,
              null,
              3,
              false,
              false,
              null),
          world,
          new HoldBudget(10_000),
          System::nanoTime);
  private final List<String> answers = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    world.backends = List.of(POD);
    route.release();
    executor.close();
  }

  /** A workload, its API and its gateway in one. */
  private final class World implements ResourceScaler, Route.RouteEvents, Waker.Cluster {
    private volatile int replicas;
    private volatile String writer = "ebb-autoscaler";
    private volatile List<Backend> backends = List.of();
    private volatile @Nullable WakeProblem problem;
    private final Deque<ScalerException> failures = new ArrayDeque<>();
    private final List<Integer> written = new CopyOnWriteArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger hpaReads = new AtomicInteger();
    private final CountDownLatch hpaIsRead = new CountDownLatch(1);
    private volatile boolean scaleWaitsForHpa;
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public boolean drives(ScaleTarget target) {
      return true;
    }

    @Override
    public synchronized Scale getScale(ScaleTarget target) {
      reads.incrementAndGet();
      if (scaleWaitsForHpa) {
        awaitHpa();
      }
      if (!failures.isEmpty()) {
        throw failures.pop();
      }
      return new Scale(replicas, replicas, "1", null, writer);
    }

    @Override
    public synchronized CompletableFuture<Scale> setScale(ScaleRequest request) {
      written.add(request.replicas());
      replicas = request.replicas();
      return CompletableFuture.completedFuture(new Scale(replicas, 0, "2", null, "us"));
    }

    private void awaitHpa() {
      try {
        assertThat(hpaIsRead.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    synchronized void fail(Kind kind, int times) {
      for (int i = 0; i < times; i++) {
        failures.push(new ScalerException(kind, "planted"));
      }
    }

    @Override
    public List<Backend> backends(Route asked, Route.Port port) {
      return backends;
    }

    @Override
    public void held(Route asked) {
      waker.wake(asked);
    }

    @Override
    public void edge(Route asked) {}

    @Override
    public Optional<WakeProblem> problem(RouteSpec spec) {
      return Optional.ofNullable(problem);
    }

    @Override
    public boolean ready(RouteSpec spec) {
      return !backends.isEmpty();
    }

    @Override
    public @Nullable HorizontalPodAutoscaler hpa(RouteSpec spec) {
      hpaReads.incrementAndGet();
      hpaIsRead.countDown();
      return null;
    }

    @Override
    public boolean saidAsleep(RouteSpec spec) {
      return false;
    }

    @Override
    public void event(RouteSpec spec, boolean warning, String reason, String message) {
      events.add(reason);
    }
  }

  private void ask() {
    route
        .acquire(PORT, Set.of())
        .subscribe(
            backend -> answers.add(backend.pod()),
            error -> answers.add(((Refusal) error).status() + " " + ((Refusal) error).reason()));
  }

  @Test
  void oneWakeForAllWhoWaitToAsManyReplicasAsBefore() {
    for (int i = 0; i < 200; i++) {
      ask();
    }
    await().until(() -> world.written.equals(List.of(3)));
    world.backends = List.of(POD);
    route.release();

    await().until(() -> answers.size() == 200);
    assertThat(answers).containsOnly("shop-1");
    await().until(() -> world.events.contains("scaleFromZeroCompleted"));
    assertThat(world.written).containsExactly(3);
    assertThat(world.events).containsExactly("scaleFromZeroStarted", "scaleFromZeroCompleted");
  }

  /** D13: who waits for a workload that is up already causes a read and no write. */
  @Test
  void wakingWhatIsUpIsARead() {
    world.replicas = 2;
    ask();
    await().until(() -> world.reads.get() > 0);
    world.backends = List.of(POD);

    await().until(() -> answers.equals(List.of("shop-1")));
    assertThat(world.written).isEmpty();
    assertThat(world.events).isEmpty();
  }

  @Test
  void conflictsOutagesAndAStartingApiServerAreBorneWith() {
    world.fail(Kind.CONFLICT, 2);
    world.fail(Kind.UNAVAILABLE, 3);
    world.fail(Kind.FORBIDDEN, 3);
    ask();

    await().atMost(Duration.ofSeconds(20)).until(() -> world.written.equals(List.of(3)));
    assertThat(answers).isEmpty();
  }

  /** D10: a refusal answers those who wait, and the next one is a new try. */
  @Test
  void whatCannotBeDoneIsSaidAndNotRemembered() {
    world.fail(Kind.NOT_FOUND, 1);
    ask();
    await().until(() -> answers.equals(List.of("503 WakeRefused")));
    await().until(() -> world.events.equals(List.of("WakeFailed")));

    ask();

    await().until(() -> world.written.equals(List.of(3)));
  }

  @Test
  void aPodThatCannotStartAnswersWithItsReason() {
    world.problem = new WakeProblem("CrashLoop", "it crashes", true);
    ask();

    await().atMost(Duration.ofSeconds(10)).until(() -> answers.equals(List.of("503 CrashLoop")));
  }

  @Test
  void whatMayPassIsWaitedFor() {
    world.problem = new WakeProblem("Unschedulable", "no node has room", false);
    ask();
    await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(answers::isEmpty);
    world.backends = List.of(POD);

    await().until(() -> answers.equals(List.of("shop-1")));
  }

  @Test
  void aWakeThatNobodyWaitedForToTheEndIsNotCalledComplete() {
    var subscription = route.acquire(PORT, Set.of()).subscribe(b -> {}, e -> {});
    await().until(() -> world.written.equals(List.of(3)));

    subscription.dispose();

    await().until(() -> world.events.equals(List.of("scaleFromZeroStarted", "WakeUnfinished")));
  }

  @Test
  void theHpaIsReadWhileTheScaleIs() {
    world.scaleWaitsForHpa = true;
    ask();

    await().until(() -> world.written.equals(List.of(3)));
  }

  @Test
  void theHpaIsReadOnceHoweverLongThePodTakes() {
    ask();
    await().atMost(Duration.ofSeconds(20)).until(() -> world.reads.get() > 2);

    assertThat(world.hpaReads).hasValue(1);
  }

  @Test
  void offStaysOff() {
    world.writer = "kubectl";
    ask();

    await().until(() -> answers.equals(List.of("503 Off")));
    assertThat(world.written).isEmpty();
    assertThat(world.events).isEmpty();
  }

  @Test
  void nobodyWaitsAnyMoreSoNothingIsWoken() {
    world.fail(Kind.UNAVAILABLE, 1_000);
    var subscription = route.acquire(PORT, Set.of()).subscribe(b -> {}, e -> {});
    await().until(() -> world.reads.get() > 0);

    subscription.dispose();

    int readsThen = world.reads.get();
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(6))
        .until(() -> world.reads.get() <= readsThen + 1);
    assertThat(world.written).isEmpty();
  }
}
