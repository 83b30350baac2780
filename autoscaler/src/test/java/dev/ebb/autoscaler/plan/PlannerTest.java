package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static dev.ebb.autoscaler.plan.World.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.Path;
import dev.ebb.runtime.model.ScaledResource.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlannerTest {

  private final World world = new World();

  private static Condition condition(Plan plan, String type) {
    return plan.status().condition(type).orElseThrow();
  }

  // States.

  @ParameterizedTest(name = "{0} replicas by {1}, pods ready {2}, adoptZero {3}, HPA min {4}: {5}")
  @CsvSource({
    "1,helm,true,false,,Awake",
    "1,ebb-dlx-gateway,true,false,,Awake",
    "1,helm,false,false,,Waking",
    "2,ebb-dlx-gateway,false,false,,Waking",
    "0,ebb-autoscaler,true,false,,Settling",
    "0,ebb-autoscaler,false,false,,Asleep",
    "0,ebb-autoscaler,false,false,1,Asleep",
    "0,kubectl,false,false,,Off",
    "0,kubectl,true,false,,Off",
    "0,kubectl,false,false,0,Off",
    "0,kubectl,false,true,,Asleep",
    "0,kubectl,true,true,,Settling",
    "0,kube-controller-manager,false,false,0,Asleep",
    "0,kube-controller-manager,true,false,0,Settling",
    "0,kube-controller-manager,false,false,1,Off",
    "0,kube-controller-manager,false,false,,Off",
    "0,untracked,false,false,0,Asleep",
    "0,untracked,false,false,1,Off",
    "0,untracked,false,false,,Off",
    ",,false,false,,Unknown"
  })
  void offIsNotAsleep(
      Integer replicas, String writer, boolean ready, boolean adopt, Integer hpaMin, State state) {
    if (replicas == null) {
      world.withMissingTarget();
    } else {
      world.withLastByte(NOW).withScale(replicas, writer).withPodsReady(ready);
    }
    if (adopt) {
      world.withAdoptZero();
    }
    if (hpaMin != null) {
      world.withHpa(hpaMin, 5, 0, 0);
    }

    assertThat(world.plan().status().state()).isEqualTo(state);
  }

  @Test
  void asleepOnlyWhenNoPodOfItsServicesIsReadyWhoeverOwnsIt() {
    world.asleep();
    Meta foreign = World.meta("foreign", 0, NOW, World.LABELS, List.of());
    assertThat(world.plan().status().state()).isEqualTo(State.Asleep);

    world.withPod(World.pod(foreign, true, "Running"));

    assertThat(world.plan().status().state()).isEqualTo(State.Settling);
  }

  @Test
  void whatSomebodyElseStoppedIsLeftAloneAndSaysTheRemedy() {
    world.withScale(0, "kubectl").podsFollow();

    Plan plan = world.plan();

    assertThat(plan.steps()).isEmpty();
    assertThat(plan.status().nextTransition()).isNull();
    assertThat(condition(plan, ConditionTypes.ASLEEP))
        .satisfies(c -> {
          assertThat(c.status()).isEqualTo("False");
          assertThat(c.reason()).isEqualTo("StoppedByOther");
          assertThat(c.message()).contains("scale it up").contains("spec.adoptZero");
        });
  }

  @Test
  void aSleepThatIsAdoptedIsOneLikeAnyOther() {
    world.asleep().withScale(0, "kubectl").withAdoptZero();

    Plan plan = world.plan();

    assertThat(condition(plan, ConditionTypes.ASLEEP).isTrue()).isTrue();
    assertThat(plan.status().nextTransition().to()).isEqualTo("Waking");
    assertThat(plan.steps()).isEmpty();
  }

  @Test
  void theStatusTellsWhatItDoesAndWhatComesNext() {
    world.withLastByte(NOW);

    ScaledResource.Status status = world.plan().status();

    assertThat(status.message()).isEqualTo("awake; sleeps after 10m without traffic");
    assertThat(status.replicas()).isEqualTo(1);
    assertThat(status.selector()).isEqualTo("app=shop");
    assertThat(status.observedGeneration()).isEqualTo(1);
    assertThat(status.services()).extracting(MappedService::name).containsExactly("shop");
    assertThat(status.nextTransition().to()).isEqualTo("Asleep");
    assertThat(status.condition(ConditionTypes.READY).orElseThrow().reason()).isEqualTo("Managed");
    assertThat(status.conditions())
        .filteredOn(c -> !c.type().equals(ConditionTypes.ASLEEP))
        .allMatch(Condition::isTrue);
  }

  @Test
  void aConditionsTimeChangesOnlyWithItsStatus() {
    world.withLastByte(NOW).after(world.plan());
    Instant before = condition(world.plan(), ConditionTypes.GATEWAY).lastTransitionTime();

    world.later(Duration.ofMinutes(1)).after(world.plan());
    assertThat(condition(world.plan(), ConditionTypes.GATEWAY).lastTransitionTime())
        .isEqualTo(before);

    world.withGatewayUnreadySince(NOW.plusSeconds(60));
    assertThat(condition(world.plan(), ConditionTypes.GATEWAY).lastTransitionTime())
        .isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void trafficThatGoesOnSaysNothingNew() {
    world.withLastByte(NOW).after(world.plan());
    ScaledResource.Status before = world.resource().status();

    world.later(Duration.ofMinutes(5)).withTraffic(3, 0, 0);
    assertThat(world.plan().status()).isEqualTo(before);

    world.later(Duration.ofMinutes(1)).withLastByte(NOW.plusSeconds(360));
    assertThat(world.plan().status()).isEqualTo(before);
  }

  // Sleep and what undoes it.

  @Test
  void fallsAsleepAndWakesAsTheObjectsSay() {
    world.after(world.plan());
    assertThat(world.plan().status().state()).isEqualTo(State.Settling);

    world.after(world.plan()).podsFollow();
    assertThat(world.plan().status().state()).isEqualTo(State.Asleep);
    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.plan().lookAgain()).isNull();

    world.after(world.plan()).later(Duration.ofHours(1)).withScale(1, "ebb-dlx-gateway");
    assertThat(world.plan().status().state()).isEqualTo(State.Waking);
    assertThat(world.plan().sleeps()).isFalse();

    world.after(world.plan()).podsFollow();
    assertThat(world.plan().status().state()).isEqualTo(State.Awake);
    assertThat(world.plan().sleeps()).isFalse();

    world.after(world.plan()).later(Duration.ofMinutes(10));
    assertThat(world.plan().sleeps()).isTrue();
  }

  @Test
  void aWakeByWhateverHandIsActivity() {
    world.asleep().after(world.plan()).later(Duration.ofHours(1)).withScale(1, "kubectl");
    world.podsFollow();

    assertThat(world.plan().shut()).containsExactly("Idle");
    assertThat(world.plan().lookAgain()).isEqualTo(Duration.ofMinutes(10));
  }

  private static Stream<Arguments> refusals() {
    return Stream.of(
        arguments("InvalidDuration", (Consumer<World>) w -> w.withIdleAfter("1d")),
        arguments("PathNotSupported", (Consumer<World>) w -> w.withPath(Path.WhileAsleep)),
        arguments("MinAboveZero", (Consumer<World>) w -> w.withReplicas(1, null, null)),
        arguments("SourceNotSupported", (Consumer<World>) World::withSource),
        arguments("ServiceNotFound", (Consumer<World>) w -> w.withServicesNamed("bar")),
        arguments("NoService", (Consumer<World>) World::withoutServices),
        arguments("SelectorContested", (Consumer<World>) w -> w.withKey("shop", false)),
        arguments(
            "DirectAccessPossible",
            (Consumer<World>)
                w ->
                    w.withService(
                        World.service("all", World.LABELS, "None", "ClusterIP", null, null))),
        arguments(
            "ReplicasContested",
            (Consumer<World>)
                w ->
                    w.withAnnotation(
                        Reversals.ANNOTATION, new Reversals("argocd", 3, 1, NOW).text())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void whatBecomesRefusedWhileAsleepIsWoken(String reason, Consumer<World> change) {
    world.asleep().withAnnotation(ScaledResource.REMEMBERED_REPLICAS, "3");
    change.accept(world);

    Plan plan = world.plan();

    assertThat(plan.steps().getFirst()).isEqualTo(new Step.Wake(3, reason));
    assertThat(plan.problems()).extracting(Problem::reason).contains(reason);
    assertThat(condition(plan, ConditionTypes.READY).isTrue()).isFalse();
    assertThat(condition(plan, ConditionTypes.READY).reason()).isEqualTo(reason);
  }

  @Test
  void wakesAlsoWhatIsStillOnItsWayToSleep() {
    world.after(world.plan()).withReplicas(2, null, null);

    assertThat(world.plan().status().state()).isEqualTo(State.Settling);
    assertThat(world.plan().steps()).containsExactly(new Step.Wake(2, "MinAboveZero"));
  }

  @Test
  void aWakeKeepsToTheBoundsOfTheHpa() {
    world.asleep().withAnnotation(ScaledResource.REMEMBERED_REPLICAS, "9").withHpa(2, 4, 0, 0);
    world.withSource();

    assertThat(world.plan().steps()).containsExactly(new Step.Wake(4, "SourceNotSupported"));
  }

  private static Stream<Arguments> otherZeros() {
    return Stream.of(
        arguments("off", (Consumer<World>) w -> w.withScale(0, "kubectl")),
        arguments("adopted", (Consumer<World>) w -> w.withScale(0, "kubectl").withAdoptZero()),
        arguments(
            "by an HPA",
            (Consumer<World>) w -> w.withScale(0, "kube-controller-manager").withHpa(0, 5, 0, 0)),
        arguments("paused", (Consumer<World>) w -> w.withMode(Mode.Paused)),
        arguments("only observed", (Consumer<World>) w -> w.withMode(Mode.Observe)),
        arguments("not readable", (Consumer<World>) World::withUnreadableTarget),
        arguments(
            "another resource's",
            (Consumer<World>) w -> w.withOther(World.other("older", Instant.EPOCH, TARGET))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherZeros")
  void neverWakesWhatItMayNot(String what, Consumer<World> change) {
    world.asleep().withReplicas(1, null, null);
    change.accept(world);

    assertThat(world.plan().steps()).noneMatch(Step.Wake.class::isInstance);
  }

  // Modes.

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"Observe", "Paused"})
  void observesAndPausesWithoutTouchingAnything(Mode mode) {
    world.withMode(mode);
    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.plan().status().services()).hasSize(1);

    assertThat(new World().asNew().withMode(mode).plan().steps()).isEmpty();
    assertThat(new World().withMode(mode).withPath(Path.Selector).plan().steps()).isEmpty();
    assertThat(new World().withMode(mode).withKey("shop", false).plan().steps()).isEmpty();
    assertThat(new World().withMode(mode).withoutMarks().plan().steps()).isEmpty();
  }

  @Test
  void observesWhatItWouldNotPublish() {
    assertThat(new World().asNew().withMode(Mode.Observe).plan().status().services()).isEmpty();
  }

  @Test
  void theLoserOfATargetChangesNothingAndSaysWho() {
    Meta older = World.meta("older", 1, Instant.EPOCH, Map.of(), List.of());
    MappedService shop = new MappedService("shop", "uid-of-shop", List.of());
    world.withOther(World.other(older, TARGET, shop));

    Plan plan = world.plan();

    assertThat(plan.steps()).isEmpty();
    assertThat(plan.status().services()).isEmpty();
    assertThat(plan.status().state()).isEqualTo(State.Unknown);
    assertThat(condition(plan, ConditionTypes.READY))
        .satisfies(c -> {
          assertThat(c.reason()).isEqualTo("TargetConflict");
          assertThat(c.message()).contains("older").contains("spec.targetRef");
        });
    assertThat(condition(plan, ConditionTypes.ASLEEP).status()).isEqualTo("Unknown");
  }

  // When to look again.

  private static Stream<Arguments> looks() {
    return Stream.of(
        arguments("asleep: never", null, (Consumer<World>) World::asleep),
        arguments(
            "off: never", null, (Consumer<World>) w -> w.withScale(0, "kubectl").podsFollow()),
        arguments(
            "going to sleep: never", null, (Consumer<World>) w -> w.withScale(0, States.OURS)),
        arguments("busy: the window", 600_000L, (Consumer<World>) w -> w.withTraffic(1, 0, 0)),
        arguments("silent: the window", 600_000L, (Consumer<World>) World::withNobodyHeard),
        arguments(
            "idle: the rest of the window",
            599_000L,
            (Consumer<World>) w -> w.withLastByte(NOW.minusSeconds(1))),
        arguments(
            "the sooner of settle and window",
            7_000L,
            (Consumer<World>)
                w -> w.withLastByte(NOW).withAdoption(NOW.minusSeconds(3), NOW.plusSeconds(99))),
        arguments(
            "nearly: not at once",
            50L,
            (Consumer<World>) w -> w.withLastByte(NOW.minusSeconds(600).plusMillis(1))),
        arguments("stuck: a minute", 60_000L, (Consumer<World>) World::withSource),
        arguments("rollout: a minute", 60_000L, (Consumer<World>) w -> w.withRollout(3, 2, 1)),
        arguments(
            "stuck, but soon idle",
            5_000L,
            (Consumer<World>) w -> w.withSource().withLastByte(NOW.minusSeconds(595))),
        arguments("unknown kind: half a minute", 30_000L, (Consumer<World>) World::withCustomKind),
        arguments(
            "unknown kind, asleep: half a minute",
            30_000L,
            (Consumer<World>) w -> w.asleep().withCustomKind()),
        arguments("no target: half a minute", 30_000L, (Consumer<World>) World::withMissingTarget),
        arguments(
            "no gateway: when it is bypassed",
            20_000L,
            (Consumer<World>) w -> w.withGatewayUnreadySince(NOW.minusSeconds(10))),
        arguments(
            "no gateway, and no pod either: a minute",
            60_000L,
            (Consumer<World>)
                w -> w.withPodsReady(false).withGatewayUnreadySince(NOW.minusSeconds(10))),
        arguments(
            "bypassed: when traffic goes through it again",
            50_000L,
            (Consumer<World>)
                w ->
                    w.withCondition(ConditionTypes.BYPASSED, "True", NOW.minusSeconds(99))
                        .withGatewayReadySince(NOW.minusSeconds(10))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("looks")
  void looksAgainWhenTimeAloneChangesSomething(String what, Long millis, Consumer<World> change) {
    change.accept(world);

    assertThat(world.plan().lookAgain())
        .isEqualTo(millis == null ? null : Duration.ofMillis(millis));
  }

  // Other hands.

  private void reverse(String by) {
    world.asleep().later(Duration.ofHours(1)).withScale(1, by).podsFollow();
    world.after(world.plan()).later(Duration.ofMinutes(10));
  }

  @Test
  void threeReversalsByTheSameHandAreADispute() {
    reverse("argocd-controller");
    reverse("argocd-controller");
    assertThat(world.plan().sleeps()).isTrue();

    reverse("argocd-controller");

    Plan plan = world.plan();
    assertThat(plan.sleeps()).isFalse();
    assertThat(condition(plan, ConditionTypes.READY))
        .satisfies(c -> {
          assertThat(c.reason()).isEqualTo("ReplicasContested");
          assertThat(c.message())
              .contains("argocd-controller")
              .contains("spec.replicas")
              .contains("change the ScaledResource");
        });
    assertThat(world.later(Duration.ofDays(30)).plan().sleeps()).isFalse();

    assertThat(world.withGeneration(2).withMark("shop", 2).plan().sleeps()).isTrue();
  }

  @Test
  void aReversalIsCountedOnceAndWrittenDown() {
    world.asleep().later(Duration.ofHours(1)).withScale(1, "kubectl");

    Plan plan = world.plan();

    assertThat(plan.steps())
        .containsExactly(
            new Step.Annotate(
                Reversals.ANNOTATION,
                "1@1@" + NOW.plusSeconds(3600).getEpochSecond() + "=kubectl"));
    assertThat(world.after(plan).plan().steps()).isEmpty();
    assertThat(world.podsFollow().plan().steps()).isEmpty();
  }

  @Test
  void anotherHandBeginsAnewAndPeaceForgets() {
    reverse("argocd-controller");
    reverse("argocd-controller");
    reverse("kubectl");
    assertThat(Reversals.of(world.resource()).count()).isEqualTo(1);

    reverse("kubectl");
    assertThat(Reversals.of(world.resource()).count()).isEqualTo(2);

    world.later(Duration.ofDays(1));
    reverse("kubectl");
    assertThat(Reversals.of(world.resource()).count()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"ebb-dlx-gateway", "ebb-autoscaler", "kube-controller-manager", "''"})
  void wakesByThoseWhoMayAreNoReversals(String writer) {
    for (int i = 0; i < 5; i++) {
      reverse(writer.isEmpty() ? null : writer);
    }

    assertThat(world.plan().sleeps()).isTrue();
  }

  // One bad object never stops the others.

  @Test
  void anotherResourcesMistakesAreNotItsOwn() {
    Meta meta = World.meta("broken", 1, Instant.EPOCH, Map.of(), List.of());

    world.withOther(new ScaledResource(meta, null, null));

    assertThat(world.plan().sleeps()).isTrue();
  }
}
