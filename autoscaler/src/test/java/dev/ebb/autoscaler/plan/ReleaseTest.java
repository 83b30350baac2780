package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static dev.ebb.autoscaler.plan.World.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.autoscaler.plan.Release.Next;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReleaseTest {

  private static final Instant UNTIL = NOW.plus(Release.LONGEST);
  private static final Instant LATE = NOW;

  private final World world = new World();

  private Next next(Instant until) {
    return Release.next(world.observed(), until);
  }

  private Next next() {
    return next(UNTIL);
  }

  private static Next removesKeys(World world, String... names) {
    List<String> wanted = List.of(names);
    return new Next.RemoveKeys(
        world.observed().services().stream()
            .filter(s -> wanted.contains(s.metadata().name()))
            .toList());
  }

  private static void publish(World world, String service) {
    world.withSlice(World.slice(service, "endpointslice-controller.k8s.io", true, "http"));
  }

  // Each step in its order.

  @Test
  void wakesThenWaitsThenRemovesTheKeysThenWaitsForTheControllerThenIsFinished() {
    world.asleep().withAnnotation(ScaledResource.REMEMBERED_REPLICAS, "3");
    assertThat(next()).isEqualTo(new Next.Wake(TARGET, 3));

    world.withScale(3, States.OURS);
    assertThat(next()).isEqualTo(new Next.Wait("a pod of Deployment ns/shop to be ready"));

    world.podsFollow();
    assertThat(next()).isEqualTo(removesKeys(world, "shop"));

    world.withoutMarks().withKey("shop", false);
    assertThat(next()).isEqualTo(new Next.Wait("Service shop to publish its pods"));

    publish(world, "shop");
    assertThat(next()).isEqualTo(new Next.Finish(true));
  }

  @Test
  void whatIsAwakeIsLedPastTheGatewayAtOnce() {
    assertThat(next()).isEqualTo(removesKeys(world, "shop"));
  }

  @Test
  void allItsKeysGoTogetherWhetherMarkedOrMapped() {
    world.withService(World.service("marked", World.LABELS, World.http()));
    world.withKey("marked", true).withMark("marked", 1);
    world.withService(World.service("foreign", World.LABELS, World.http()));
    world.withKey("foreign", true);

    assertThat(next()).isEqualTo(removesKeys(world, "shop", "marked"));

    world.withoutMarks();
    assertThat(next()).isEqualTo(removesKeys(world, "shop"));
  }

  @Test
  void theGatewaysOwnSliceIsNotTheControllers() {
    world.withKey("shop", false).withoutSlices().withSlice("shop", "http");
    assertThat(next()).isEqualTo(new Next.Wait("Service shop to publish its pods"));

    world.withSlice(World.slice("shop", "endpointslice-controller.k8s.io", false, "http"));
    assertThat(next()).isEqualTo(new Next.Wait("Service shop to publish its pods"));

    publish(world, "shop");
    assertThat(next()).isEqualTo(new Next.Finish(true));
  }

  @Test
  void aServiceThatIsGoneHasNothingToUndo() {
    assertThat(Release.next(world.withoutServices().observed(), UNTIL))
        .isEqualTo(new Next.Finish(true));
  }

  @Test
  void whatWasNeverHandedOverIsFinishedAtOnce() {
    world.asNew();

    assertThat(next()).isEqualTo(new Next.Finish(true));
  }

  // What did not sleep by Ebb's hand.

  private static Stream<Arguments> otherZeros() {
    return Stream.of(
        arguments("stopped by its user", (Consumer<World>) w -> w.withScale(0, "kubectl")),
        arguments("adopted", (Consumer<World>) w -> w.withScale(0, "kubectl").withAdoptZero()),
        arguments(
            "by an HPA",
            (Consumer<World>) w -> w.withScale(0, "kube-controller-manager").withHpa(0, 3, 0, 0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherZeros")
  void neverWakesWhatEbbDidNotPutToSleep(String what, Consumer<World> change) {
    change.accept(world.asleep());

    assertThat(next()).isEqualTo(removesKeys(world, "shop"));

    world.withKey("shop", false);
    assertThat(next()).isEqualTo(new Next.Finish(true));
  }

  @Test
  void aTargetThatIsGoneNeedsNoWaking() {
    world.asleep().withMissingTarget();

    assertThat(next()).isEqualTo(removesKeys(world, "shop"));
  }

  // Late.

  @Test
  void whenItIsLateTheKeysGoEvenIfNoPodIsReadyAndThatIsTold() {
    world.withPodsReady(false);
    assertThat(next(NOW.plusMillis(1)))
        .isEqualTo(new Next.Wait("a pod of Deployment ns/shop to be ready"));

    assertThat(next(LATE)).isEqualTo(removesKeys(world, "shop"));

    world.withKey("shop", false);
    assertThat(next(LATE)).isEqualTo(new Next.Finish(false));
  }

  @Test
  void whenItIsLateNobodyWaitsForTheController() {
    world.withKey("shop", false).withoutSlices();

    assertThat(next(LATE)).isEqualTo(new Next.Finish(true));
  }

  // Another resource goes on.

  private static ScaledResource heir(boolean deleting, boolean finalizer, boolean marked) {
    return World.other(
        new Meta(
            "heir",
            "ns",
            "uid-of-heir",
            "1",
            1,
            NOW,
            deleting ? NOW : null,
            Map.of(),
            marked ? Map.of(KeyMarks.ANNOTATION, "shop=uid-of-shop@1") : Map.of(),
            finalizer ? List.of(ScaledResource.FINALIZER) : List.of(),
            List.of()),
        TARGET);
  }

  @Test
  void anHeirKeepsTheWorkloadAsleepAndItsKeys() {
    world.asleep().withOther(heir(false, true, true));

    assertThat(next()).isEqualTo(new Next.Finish(true));
  }

  @Test
  void anHeirKeepsOnlyWhatItMarked() {
    world.asleep().withOther(heir(false, true, false));

    assertThat(next()).isEqualTo(removesKeys(world, "shop"));
  }

  @Test
  void aRivalThatWasNeverServedIsNoHeir() {
    world.asleep().withOther(heir(false, false, false));

    assertThat(next()).isEqualTo(new Next.Wake(TARGET, 1));
  }

  @Test
  void anHeirThatIsGoingAwayTooIsNone() {
    world.asleep().withOther(heir(true, true, true));

    assertThat(next()).isEqualTo(new Next.Wake(TARGET, 1));
  }

  // From wherever it starts.

  /** A namespace whose controllers do, sooner or later or never, what they should. */
  private static final class Model {
    private final long seed;
    private final Random random;
    private final World world = new World();
    private final boolean sleptByEbb;
    private final boolean podsComeUp;
    private final boolean hadTarget;

    Model(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      if (random.nextBoolean()) {
        world.withService(World.service("api", World.LABELS, World.http()));
        world.withKey("api", random.nextBoolean());
        if (random.nextBoolean()) {
          world.withMark("api", 1);
        }
      }
      sleptByEbb = random.nextBoolean();
      if (sleptByEbb) {
        world.asleep();
      } else if (random.nextBoolean()) {
        world.withScale(0, "kubectl").podsFollow();
      }
      podsComeUp = random.nextInt(4) > 0;
      hadTarget = random.nextInt(6) > 0;
      if (!hadTarget) {
        world.withMissingTarget();
      }
      world.withoutSlices();
    }

    /** Steps until it is finished. */
    Next.Finish run() {
      List<Next> done = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        Next next = Release.next(world.observed(), UNTIL);
        done.add(next);
        switch (next) {
          case Next.Finish finish -> {
            return finish;
          }
          case Next.Wake(var target, int replicas) -> {
            assertThat(sleptByEbb && hadTarget).as("seed %d", seed).isTrue();
            assertThat(replicas).as("seed %d", seed).isPositive();
            world.withScale(replicas, States.OURS);
          }
          case Next.Wait wait -> world.later(Duration.ofSeconds(1));
          case Next.RemoveKeys(List<Service> services) -> {
            assertThat(reachable() || late()).as("seed %d", seed).isTrue();
            world.withoutMarks();
            services.forEach(s -> world.withKey(s.metadata().name(), false));
          }
        }
        othersAct();
      }
      throw new AssertionError("seed " + seed + " does not end: " + done.subList(0, 20));
    }

    private void othersAct() {
      if (podsComeUp && random.nextInt(3) == 0) {
        world.podsFollow();
      }
      boolean ready = world.observed().pods().stream().anyMatch(Pod::ready);
      for (Service service : world.observed().services()) {
        if (ready && !service.behindGateway() && random.nextInt(3) == 0) {
          publish(world, service.metadata().name());
        }
      }
    }

    private boolean late() {
      return !world.observed().now().isBefore(UNTIL);
    }

    /** Nobody who has a pod, or should have one, loses the way to it. */
    private boolean reachable() {
      return !(world.observed().target() instanceof TargetView.Found found)
          || (found.scale().desired() == 0 && !States.OURS.equals(found.scale().writer()))
          || world.observed().pods().stream().anyMatch(Pod::ready);
    }

    private boolean published(Service service) {
      return world.observed().slices().stream()
          .filter(s -> !s.ofGateway() && s.serviceName().equals(service.metadata().name()))
          .anyMatch(s -> s.endpoints().stream().anyMatch(EndpointSlice.Endpoint::ready));
    }
  }

  @Test
  void endsAwakeReachableAndWithoutKeysFromWhereverItStarts() {
    int unready = 0;
    for (long seed = 0; seed < 2_000; seed++) {
      Model model = new Model(seed);
      Next.Finish finish = model.run();
      Observed end = model.world.observed();

      List<String> mapped = end.resource().mappedServices().stream().map(s -> s.name()).toList();
      assertThat(end.services())
          .as("seed %d", seed)
          .filteredOn(s -> mapped.contains(s.metadata().name()))
          .noneMatch(Service::behindGateway);
      if (model.sleptByEbb && end.target() instanceof TargetView.Found found) {
        assertThat(found.scale().desired()).as("seed %d", seed).isPositive();
      }
      boolean pods = end.pods().stream().anyMatch(Pod::ready);
      if (finish.ready() && pods && !model.late()) {
        assertThat(end.services())
            .as("seed %d", seed)
            .filteredOn(s -> mapped.contains(s.metadata().name()))
            .allMatch(model::published);
      }
      unready += finish.ready() ? 0 : 1;
    }
    assertThat(unready).as("some never become ready").isPositive();
  }
}
