package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static dev.ebb.autoscaler.plan.World.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.ScaledResource.MappedPort;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.ScaledResource.Path;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HandoverTest {

  private static final Service.Port ADMIN = new Service.Port("admin", 81, "TCP", "http", null);

  private final World world = new World();

  private static Condition condition(Plan plan, String type) {
    return plan.status().condition(type).orElseThrow();
  }

  private static Condition behindGateway(Plan plan) {
    return condition(plan, ConditionTypes.HANDED_OVER);
  }

  private boolean keyed(String service) {
    return world.observed().services().stream()
        .anyMatch(s -> s.metadata().name().equals(service) && s.behindGateway());
  }

  // The order.

  @Test
  void firstTheFinalizerThenPublishThenTheKey() {
    world.asNew();
    Plan first = world.plan();
    assertThat(first.steps()).containsExactly(new Step.AddFinalizer());
    assertThat(first.status().services())
        .containsExactly(
            new MappedService(
                "shop", "uid-of-shop", List.of(new MappedPort("http", 80, "TCP", true))));
    assertThat(behindGateway(first).message()).isEqualTo("waits for Ebb's finalizer");

    Plan second = world.after(first).plan();
    assertThat(second.steps()).isEmpty();
    assertThat(behindGateway(second).message())
        .isEqualTo("waits for the gateway to publish Service shop");
    assertThat(condition(second, ConditionTypes.READY).reason()).isEqualTo("HandingOver");

    Plan third = world.after(second).gatewayPublishes().plan();
    assertThat(third.steps())
        .containsExactly(
            new Step.AddKey(world.observed().services().getFirst()),
            new Step.Annotate(KeyMarks.ANNOTATION, "shop=uid-of-shop@1"));

    Plan fourth = world.after(third).plan();
    assertThat(fourth.steps()).isEmpty();
    assertThat(behindGateway(fourth).isTrue()).isTrue();
    assertThat(fourth.status().adoptedAt()).isEqualTo(NOW);
  }

  private static EndpointSlice withoutNumber() {
    EndpointSlice slice = World.slice("shop", EndpointSlice.MANAGED_BY_GATEWAY, true);
    return new EndpointSlice(
        slice.metadata(),
        "IPv4",
        slice.endpoints(),
        List.of(new EndpointSlice.Port("http", null, "TCP", null)));
  }

  private static EndpointSlice onItsWayOut() {
    EndpointSlice slice = World.slice("shop", EndpointSlice.MANAGED_BY_GATEWAY, true, "http");
    Meta m = slice.metadata();
    return new EndpointSlice(
        new Meta(
            m.name(),
            m.namespace(),
            m.uid(),
            m.resourceVersion(),
            m.generation(),
            m.creationTimestamp(),
            NOW,
            m.labels(),
            m.annotations(),
            m.finalizers(),
            m.ownerReferences()),
        "IPv4",
        slice.endpoints(),
        slice.ports());
  }

  private static Stream<Arguments> slices() {
    String ours = EndpointSlice.MANAGED_BY_GATEWAY;
    return Stream.of(
        arguments("a ready endpoint for the port", true, World.slice("shop", ours, true, "http")),
        arguments("more ports", true, World.slice("shop", ours, true, "http", "old")),
        arguments("no ready endpoint", false, World.slice("shop", ours, false, "http")),
        arguments("another port", false, World.slice("shop", ours, true, "web")),
        arguments("no port", false, World.slice("shop", ours, true)),
        arguments("another Service", false, World.slice("bar", ours, true, "http")),
        arguments(
            "the controller's own slice",
            false,
            World.slice("shop", "endpointslice-controller.k8s.io", true, "http")),
        arguments("a slice that is being deleted", false, onItsWayOut()),
        arguments("a port without number", false, withoutNumber()));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("slices")
  void noKeyWithoutASliceThatTakesTheTraffic(String what, boolean key, EndpointSlice slice) {
    world.withoutMarks().withKey("shop", false).withoutSlices().withSlice(slice);

    assertThat(world.plan().steps().stream().anyMatch(Step.AddKey.class::isInstance))
        .isEqualTo(key);
    assertThat(behindGateway(world.plan()).isTrue()).isFalse();
  }

  @Test
  void everyPortThatCanWakeMustBePublished() {
    world.withService(World.service("shop", World.LABELS, World.http(), ADMIN)).withoutMarks();

    world.withSlice("shop", "http");
    assertThat(world.plan().steps()).isEmpty();

    world.withSlice("shop", "http", "admin");
    assertThat(world.plan().steps()).hasAtLeastOneElementOfType(Step.AddKey.class);
  }

  @Test
  void anUnnamedPortIsPublishedUnderAnEmptyName() {
    Service.Port unnamed = new Service.Port("", 80, "TCP", null, null);
    world.withService(World.service("shop", World.LABELS, unnamed)).withoutMarks();
    EndpointSlice slice = World.slice("shop", EndpointSlice.MANAGED_BY_GATEWAY, true);

    world.withSlice(
        new EndpointSlice(
            slice.metadata(),
            "IPv4",
            slice.endpoints(),
            List.of(new EndpointSlice.Port(null, 10_000, "TCP", null))));

    assertThat(world.plan().steps()).hasAtLeastOneElementOfType(Step.AddKey.class);
  }

  @Test
  void oneServiceWaitsForNoOther() {
    world.asNew().withService(World.service("api", World.LABELS, World.http()));
    world.after(world.plan()).withSlice("api", "http");

    Plan plan = world.after(world.plan()).plan();

    assertThat(keyed("api")).isTrue();
    assertThat(keyed("shop")).isFalse();
    assertThat(behindGateway(plan).message())
        .isEqualTo("waits for the gateway to publish Service shop");
    assertThat(plan.status().adoptedAt()).isNull();
  }

  /** Whatever is done half, late or twice, it ends behind the gateway and is never contested. */
  @Test
  void comesToItsEndFromWhereverACrashLeftIt() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      World crashing = new World().asNew();
      crashing.withService(World.service("api", World.LABELS, World.http(), ADMIN));
      for (int round = 0; round < 20; round++) {
        Plan plan = crashing.plan();
        assertThat(plan.problems()).as("seed %d", seed).isEmpty();
        plan.steps().stream()
            .limit(random.nextInt(plan.steps().size() + 1))
            .forEach(crashing::take);
        if (random.nextBoolean()) {
          crashing.withStatus(plan.status());
        }
        if (random.nextBoolean()) {
          crashing.gatewayPublishes();
        }
      }
      while (!crashing.plan().steps().isEmpty()) {
        crashing.after(crashing.plan()).gatewayPublishes();
      }
      assertThat(crashing.after(crashing.plan()).plan().status().adoptedAt())
          .as("seed %d", seed)
          .isNotNull();
    }
  }

  // Adoption.

  @ParameterizedTest(name = "pods {0} old, idleAfter {1}: {2}")
  @CsvSource({"PT5H,10m,PT1H", "PT1M,10m,PT1H", "PT59S,10m,", "PT5H,90m,PT1H30M", "PT5H,1h,PT1H"})
  void connectionsFromBeforeTheHandOverAreWaitedFor(
      Duration age, String idleAfter, Duration grace) {
    world.withPodsCreated(NOW.minus(age)).withIdleAfter(idleAfter);

    Plan plan = world.withAdoption(null, null).plan();

    assertThat(plan.status().adoptedAt()).isEqualTo(NOW);
    assertThat(plan.status().bypassGraceUntil()).isEqualTo(grace == null ? null : NOW.plus(grace));
    assertThat(plan.shut()).contains("Settled");
    assertThat(plan.shut().contains("AdoptionGrace")).isEqualTo(grace != null);
  }

  @Test
  void whatIsAsleepOrEmptyHasNoConnectionsToWaitFor() {
    assertThat(new World().asleep().withAdoption(null, null).plan().status().bypassGraceUntil())
        .isNull();
    assertThat(
            new World().withoutPods().withAdoption(null, null).plan().status().bypassGraceUntil())
        .isNull();
  }

  @Test
  void aPodThatWasHeardOfOnlyAfterTheHandOverIsWaitedForToo() {
    Instant before = NOW.minusSeconds(60);
    world.withAdoption(before, null);

    assertThat(world.plan().status().bypassGraceUntil()).isEqualTo(before.plusSeconds(3600));
    assertThat(world.plan().shut()).containsExactly("AdoptionGrace");

    world.withPodsCreated(before.minusSeconds(59));
    assertThat(world.plan().status().bypassGraceUntil()).as("of a young pod").isNull();
  }

  @Test
  void theHandOversTimeIsKept() {
    Instant before = NOW.minusSeconds(5);

    Plan plan = world.withAdoption(before, NOW.plusSeconds(99)).plan();

    assertThat(plan.status().adoptedAt()).isEqualTo(before);
    assertThat(plan.status().bypassGraceUntil()).isEqualTo(NOW.plusSeconds(99));
  }

  @Test
  void aServiceThatComesLaterIsHandedOverAndSettlesAnew() {
    world.withService(World.service("api", World.LABELS, World.http()));

    Plan plan = world.plan();
    assertThat(plan.status().adoptedAt()).isNull();
    assertThat(plan.status().services()).hasSize(2);

    world.after(plan).gatewayPublishes().later(Duration.ofSeconds(1));
    world.after(world.plan()).after(world.plan());
    assertThat(world.plan().status().adoptedAt()).isEqualTo(NOW.plusSeconds(1));
    assertThat(world.plan().shut()).contains("Settled", "AdoptionGrace");
  }

  // Contests.

  @Test
  void aKeyThatSomebodyRemovedIsNotFoughtFor() {
    world.withKey("shop", false);

    Plan plan = world.plan();

    assertThat(plan.steps()).isEmpty();
    assertThat(behindGateway(plan).reason()).isEqualTo("SelectorContested");
    assertThat(behindGateway(plan).message())
        .contains("Service shop")
        .contains(Service.BEHIND_GATEWAY)
        .contains("put it into your manifest")
        .contains("change the ScaledResource");
    assertThat(world.after(plan).later(Duration.ofDays(9)).plan().steps()).isEmpty();
  }

  @Test
  void aChangedResourceTriesAgainAndOnlyOnce() {
    world.withKey("shop", false).withGeneration(2);

    Plan plan = world.plan();
    assertThat(plan.steps()).hasAtLeastOneElementOfType(Step.AddKey.class);

    world.after(plan).withKey("shop", false);
    assertThat(world.plan().steps()).isEmpty();
    assertThat(behindGateway(world.plan()).reason()).isEqualTo("SelectorContested");
  }

  @Test
  void aKeyThatComesBackEndsTheContest() {
    world.withKey("shop", false).after(world.plan()).withKey("shop", true);

    Plan plan = world.plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.status().adoptedAt()).isEqualTo(NOW);
  }

  @Test
  void aServiceThatWasMadeAnewIsNoContest() {
    world.withAnnotation(KeyMarks.ANNOTATION, "shop=uid-of-its-predecessor@1");

    Plan plan = world.withKey("shop", false).plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.steps()).hasAtLeastOneElementOfType(Step.AddKey.class);
  }

  @Test
  void aKeyInTheUsersManifestIsMarkedAsFound() {
    world.withoutMarks();

    Plan plan = world.plan();

    assertThat(plan.steps())
        .containsExactly(new Step.Annotate(KeyMarks.ANNOTATION, "shop=uid-of-shop@1"));
    assertThat(behindGateway(plan).isTrue()).isTrue();
  }

  @Test
  void aContestOfOneServiceLeavesTheOthersWhereTheyAre() {
    world.withService(World.service("api", World.LABELS, World.http()));
    world.withKey("api", true).withMark("api", 1).withKey("shop", false);

    assertThat(world.plan().steps()).isEmpty();
    assertThat(keyed("api")).isTrue();
  }

  // Past the gateway and back.

  @ParameterizedTest(name = "none ready for {0} s, pods ready {1}: {2}")
  @CsvSource({"0,true,false", "29,true,false", "30,true,true", "300,true,true", "300,false,false"})
  void withoutAGatewayTrafficGoesToThePodsIfThereAreAny(
      int seconds, boolean ready, boolean bypassed) {
    world.withPodsReady(ready).withGatewayUnreadySince(NOW.minusSeconds(seconds));

    Plan plan = world.plan();

    assertThat(plan.steps().stream().anyMatch(Step.RemoveKey.class::isInstance))
        .isEqualTo(bypassed);
    assertThat(plan.status().condition(ConditionTypes.BYPASSED).isPresent()).isEqualTo(bypassed);
    assertThat(plan.sleeps()).isFalse();
  }

  @Test
  void whatIsAsleepIsNeverLedPast() {
    world.asleep().withGatewayUnreadySince(NOW.minus(Duration.ofHours(1)));

    assertThat(world.plan().steps()).isEmpty();
    assertThat(keyed("shop")).isTrue();
  }

  @Test
  void aMarkGoesBeforeItsKeySoThatACrashIsNoContest() {
    world.withGatewayUnreadySince(NOW.minusSeconds(30));
    Plan plan = world.plan();
    assertThat(plan.steps())
        .containsExactly(
            new Step.Annotate(KeyMarks.ANNOTATION, ""),
            new Step.RemoveKey(world.observed().services().getFirst()));

    world.take(plan.steps().getFirst()).withGatewayReadySince(NOW);

    assertThat(world.plan().problems()).isEmpty();
    assertThat(world.after(world.plan()).plan().status().adoptedAt()).isNotNull();
  }

  @Test
  void goesThroughTheGatewayAgainWhenItHasBeenReadyForAMinute() {
    world.withGatewayUnreadySince(NOW.minusSeconds(30)).after(world.plan());
    assertThat(keyed("shop")).isFalse();
    assertThat(condition(world.plan(), ConditionTypes.BYPASSED).isTrue()).isTrue();
    assertThat(world.plan().status().services()).hasSize(1);

    world.withGatewayReadySince(NOW.plusSeconds(10)).later(Duration.ofSeconds(69));
    world.after(world.plan());
    assertThat(keyed("shop")).isFalse();
    assertThat(world.plan().lookAgain()).isEqualTo(Duration.ofSeconds(1));

    world.later(Duration.ofSeconds(1)).after(world.plan());
    assertThat(keyed("shop")).isTrue();
    assertThat(condition(world.plan(), ConditionTypes.BYPASSED).isTrue()).isFalse();
    assertThat(world.plan().status().adoptedAt()).isEqualTo(NOW.plusSeconds(70));
  }

  @Test
  void goesThroughItAgainOnlyWhereItPublishes() {
    world.withGatewayUnreadySince(NOW.minusSeconds(30)).after(world.plan()).withoutSlices();

    world.withGatewayReadySince(NOW.minusSeconds(60));

    assertThat(world.plan().steps()).isEmpty();
    assertThat(behindGateway(world.plan()).message()).contains("publish Service shop");
  }

  /** Beside the pods, the slices of gateways that are gone would be dead ends. */
  @Test
  void pastGatewaysThatAreGoneTheirSlicesAreRemovedToo() {
    world.withGatewayUnreadySince(NOW.minusSeconds(30));
    Plan first = world.plan();
    assertThat(first.steps()).hasAtLeastOneElementOfType(Step.RemoveKey.class);

    world.after(first);
    assertThat(world.plan().steps()).hasOnlyElementsOfType(Step.RemoveSlice.class).hasSize(1);

    world.after(world.plan());
    assertThat(world.plan().steps()).isEmpty();
  }

  /** With the key in the manifest from the start, the Service may lead nowhere yet. */
  @Test
  void aKeyWithoutASliceIsNoCompleteHandOver() {
    world.withoutSlices();

    assertThat(behindGateway(world.plan()).isTrue()).isFalse();
    assertThat(world.plan().sleeps()).isFalse();
  }

  @Test
  void aBypassSaysSo() {
    Plan plan = world.withGatewayUnreadySince(NOW.minusSeconds(30)).plan();

    assertThat(plan.problems())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.weight()).isEqualTo(Problem.Weight.NOTE);
          assertThat(p.reason()).isEqualTo("NoGatewayReady");
          assertThat(p.message()).contains("dlx-gateway pods");
        });
    assertThat(plan.status().message())
        .isEqualTo("awake; traffic goes past the gateway because none is ready");
    assertThat(behindGateway(plan).isTrue()).isFalse();
    assertThat(plan.status().adoptedAt()).isNull();
  }

  // Letting go.

  private static Stream<Arguments> reasonsToLetGo() {
    return Stream.of(
        arguments("not named any more", (Consumer<World>) w -> w.withServicesNamed("api")),
        arguments(
            "selects others now",
            (Consumer<World>)
                w ->
                    w.withService(World.service("shop", Map.of("app", "other"), World.http()))
                        .withKey("shop", true)),
        arguments("refused", (Consumer<World>) w -> w.withPath(Path.Selector)),
        arguments("no target", (Consumer<World>) World::withMissingTarget));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reasonsToLetGo")
  void aServiceThatIsNoLongerWantedIsReleased(String why, Consumer<World> change) {
    world.withService(World.service("api", World.LABELS, World.http()));
    change.accept(world);

    Plan plan = world.plan();
    assertThat(plan.steps().subList(0, 1))
        .containsExactly(new Step.Annotate(KeyMarks.ANNOTATION, ""));
    assertThat(plan.steps().get(1)).isInstanceOf(Step.RemoveKey.class);
    assertThat(plan.status().services()).extracting(MappedService::name).contains("shop");

    assertThat(world.after(plan).plan().status().services())
        .extracting(MappedService::name)
        .doesNotContain("shop");
    assertThat(keyed("shop")).isFalse();
  }

  @Test
  void aKeyThatAnotherResourceHasMarkedStays() {
    world.withServicesNamed("api").withService(World.service("api", World.LABELS, World.http()));
    Map<String, String> marks = Map.of(KeyMarks.ANNOTATION, "shop=uid-of-shop@1");
    world.withOther(
        World.other(
            new Meta("next", "ns", "uid-of-next", "1", 1, NOW, null, Map.of(), marks, null, null),
            new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "next"))));

    Plan plan = world.plan();

    assertThat(plan.steps()).containsExactly(new Step.Annotate(KeyMarks.ANNOTATION, ""));
  }

  @Test
  void aTargetThatCannotBeReadIsNoReasonToLetGo() {
    Plan plan = world.withUnreadableTarget().plan();

    assertThat(plan.steps()).isEmpty();
    assertThat(plan.status().services()).hasSize(1);
    assertThat(plan.status().state()).isEqualTo(State.Unknown);

    assertThat(new World().asleep().withUnreadableTarget().plan().steps()).isEmpty();
  }

  @Test
  void aServiceThatIsGoneIsForgotten() {
    world.withoutServices().withService(World.service("api", World.LABELS, World.http()));

    assertThat(world.plan().steps()).containsExactly(new Step.Annotate(KeyMarks.ANNOTATION, ""));
  }

  @Test
  void theLoserOfATargetLeavesTheWinnersKeys() {
    world.withOther(World.other("older", Instant.EPOCH, TARGET));

    assertThat(world.plan().steps()).isEmpty();
  }
}
