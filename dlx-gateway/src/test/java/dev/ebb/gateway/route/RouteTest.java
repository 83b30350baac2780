package dev.ebb.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.IntOrString;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

class RouteTest {

  private static final Route.Port PORT = new Route.Port("shop", "http", new IntOrString(8080));
  private static final Backend POD = new Backend("uid-1", "shop-1", "10.0.0.1", 8080);
  private static final Backend NEXT = new Backend("uid-2", "shop-2", "10.0.0.2", 8080);

  private final World world = new World();
  private final HoldBudget budget = new HoldBudget(5);
  private final Route route = new Route(spec(3), world, budget, world::nanos);

  private static RouteSpec spec(int held) {
    return new RouteSpec(
        new ResourceKey("ns", "shop"),
        "uid",
        new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "shop")),
        Duration.ofMinutes(5),
        held,
        null,
        null,
        false,
        false,
        null);
  }

  private static final class World implements Route.RouteEvents {
    private volatile List<Backend> backends = List.of();
    private final AtomicInteger wakes = new AtomicInteger();
    private final AtomicInteger edges = new AtomicInteger();
    private long now = 1_000;

    @Override
    public List<Backend> backends(Route route, Route.Port port) {
      return backends;
    }

    @Override
    public void held(Route route) {
      wakes.incrementAndGet();
    }

    @Override
    public void edge(Route route) {
      edges.incrementAndGet();
    }

    long nanos() {
      return now;
    }
  }

  private final List<Object> answers = new CopyOnWriteArrayList<>();

  private Disposable ask(Object name) {
    return route
        .acquire(PORT, Set.of())
        .subscribe(
            backend -> answers.add(name + "->" + backend.pod()),
            error -> answers.add(name + "->" + ((Refusal) error).reason()));
  }

  @Test
  void passesAtOnceWhenABackendIsReady() {
    world.backends = List.of(POD);

    ask("a");

    assertThat(answers).containsExactly("a->shop-1");
    assertThat(world.wakes).hasValue(0);
  }

  @Test
  void holdsAndReleasesFirstInFirstOut() {
    ask("a");
    ask("b");
    ask("c");
    assertThat(answers).isEmpty();
    assertThat(world.wakes.get()).isPositive();

    world.backends = List.of(POD);
    route.release();

    assertThat(answers).containsExactly("a->shop-1", "b->shop-1", "c->shop-1");
    assertThat(budget.held()).isZero();
  }

  @Test
  void refusesBeyondTheRoutesLimitWithRetryAfter() {
    ask("a");
    ask("b");
    ask("c");
    ask("d");

    assertThat(answers).containsExactly("d->RouteFull");
    assertThat(route.held()).isEqualTo(3);
  }

  @Test
  void refusesBeyondTheReplicasLimit() {
    Route other = new Route(spec(100), world, budget, world::nanos);
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      other.acquire(PORT, Set.of()).subscribe(b -> {}, e -> refused.add(((Refusal) e).reason()));
    }

    assertThat(refused).containsExactly("GatewayFull");
    assertThat(budget.held()).isEqualTo(5);
  }

  @Test
  void aClientThatLeavesFreesItsPlaceAtOnce() {
    Disposable first = ask("a");
    ask("b");

    first.dispose();

    assertThat(route.held()).isEqualTo(1);
    assertThat(budget.held()).isEqualTo(1);
    world.backends = List.of(POD);
    route.release();
    assertThat(answers).containsExactly("b->shop-1");
  }

  @Test
  void aRefusalAnswersThoseWhoWaitAndNobodyAfter() {
    ask("a");
    route.refuse(new Refusal(503, "CrashLoop", "it crashes", Duration.ofSeconds(5)));
    assertThat(answers).containsExactly("a->CrashLoop");

    ask("b");
    assertThat(route.held()).isEqualTo(1);
    world.backends = List.of(POD);
    route.release();

    assertThat(answers).containsExactly("a->CrashLoop", "b->shop-1");
  }

  @Test
  void theFenceIsRefusedWhileARequestIsInFlight() {
    world.backends = List.of(POD);
    Route.Ticket ticket = route.begin();

    assertThat(route.raiseFence("uid", Duration.ofSeconds(15))).contains("1 in flight");
    assertThat(route.fenced()).isFalse();

    ticket.close();
    assertThat(route.raiseFence("uid", Duration.ofSeconds(15))).isNull();
  }

  @Test
  void theFenceIsRefusedForAnotherUid() {
    assertThat(route.raiseFence("somebody-else", Duration.ofSeconds(15))).isNotNull();
    assertThat(route.fenced()).isFalse();
  }

  @Test
  void behindTheFenceNewWorkWaitsUntilItFalls() {
    world.backends = List.of(POD);
    route.raiseFence("uid", Duration.ofSeconds(15));
    ask("a");
    assertThat(answers).isEmpty();

    route.cancelFence();

    assertThat(answers).containsExactly("a->shop-1");
  }

  /** D11: nobody is sent to pods that are known to go away. */
  @Test
  void podsThatWerePutToSleepGetNoTrafficAnyMoreAlthoughTheyStillLookReady() {
    world.backends = List.of(POD);
    route.raiseFence("uid", Duration.ofSeconds(15));
    ask("a");
    int wakes = world.wakes.get();

    route.sleep(Set.of(POD.podUid()));

    assertThat(answers).isEmpty();
    assertThat(world.wakes.get()).isGreaterThan(wakes);
    world.backends = List.of(POD, NEXT);
    route.release();
    assertThat(answers).containsExactly("a->shop-2");
  }

  @Test
  void condemnedPodsAreGoodAgainWhenTheWorkloadIsWantedUp() {
    world.backends = List.of(POD);
    route.raiseFence("uid", Duration.ofSeconds(15));
    ask("a");
    route.sleep(Set.of(POD.podUid()));

    route.pardon();

    assertThat(answers).containsExactly("a->shop-1");
  }

  @Test
  void aForgottenFenceIsKnownToHaveRunOut() {
    route.raiseFence("uid", Duration.ofSeconds(15));
    assertThat(route.fenceExpired()).isFalse();

    world.now += Duration.ofSeconds(15).toNanos();

    assertThat(route.fenceExpired()).isTrue();
  }

  @Test
  void countsActivity() {
    assertThat(route.idle()).isNull();
    Route.Ticket ticket = route.begin();
    world.now += Duration.ofSeconds(3).toNanos();
    assertThat(route.idle()).isEqualTo(Duration.ZERO);
    ticket.close();
    ticket.close();
    world.now += Duration.ofSeconds(2).toNanos();

    assertThat(route.idle()).isEqualTo(Duration.ofSeconds(2));
    assertThat(route.inFlight()).isZero();
    assertThat(route.requests()).isEqualTo(1);
    assertThat(world.edges).hasValue(2);
  }

  @Test
  void takesTurns() {
    world.backends = List.of(POD, NEXT);
    for (int i = 0; i < 4; i++) {
      ask(i);
    }

    assertThat(answers).containsExactly("0->shop-1", "1->shop-2", "2->shop-1", "3->shop-2");
  }

  /** D2: nobody is ever left without an answer, whatever the order of events. */
  @Test
  void inAnyOrderOfEventsEverybodyIsAnsweredOnceAndNoPlaceIsLost() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      World wild = new World();
      HoldBudget places = new HoldBudget(8);
      Route any = new Route(spec(6), wild, places, wild::nanos);
      List<AtomicInteger> outcomes = new ArrayList<>();
      List<Disposable> waiting = new ArrayList<>();
      int cancelled = 0;
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(9)) {
          case 0, 1, 2 -> {
            AtomicInteger outcome = new AtomicInteger();
            outcomes.add(outcome);
            waiting.add(
                any.acquire(PORT, Set.of())
                    .subscribe(b -> outcome.incrementAndGet(), e -> outcome.incrementAndGet()));
          }
          case 3 -> {
            if (!waiting.isEmpty()) {
              int index = random.nextInt(waiting.size());
              if (outcomes.get(index).get() == 0 && !waiting.get(index).isDisposed()) {
                cancelled++;
              }
              waiting.get(index).dispose();
            }
          }
          case 4 -> wild.backends = random.nextBoolean() ? List.of() : List.of(POD);
          case 5 -> any.raiseFence("uid", Duration.ofSeconds(15));
          case 6 -> any.cancelFence();
          case 7 -> any.sleep(Set.of(POD.podUid()));
          default -> any.release();
        }
      }
      any.cancelFence();
      wild.backends = List.of(NEXT);
      any.release();
      long answered = outcomes.stream().filter(o -> o.get() == 1).count();
      assertThat(outcomes).as("seed %d", seed).allMatch(o -> o.get() <= 1);
      assertThat(answered).as("seed %d", seed).isEqualTo(outcomes.size() - cancelled);
      assertThat(places.held()).as("seed %d", seed).isZero();
    }
  }
}
