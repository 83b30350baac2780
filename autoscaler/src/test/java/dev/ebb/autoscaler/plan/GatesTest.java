package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static dev.ebb.autoscaler.plan.World.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.Path;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.ScaledResource.Status;
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
import org.junit.jupiter.params.provider.MethodSource;

/** Sleeping needs everybody's permission; each row takes away one. */
class GatesTest {

  private static final Instant LATELY = NOW.minusSeconds(5);

  private final World world = new World();

  @Test
  void sleepsWhenEveryGateIsOpen() {
    Plan plan = world.plan();

    assertThat(plan.shut()).isEmpty();
    assertThat(plan.problems()).isEmpty();
    assertThat(plan.steps()).containsExactly(new Step.Sleep(1));
    assertThat(plan.status().state()).isEqualTo(State.Settling);
  }

  @Test
  void remembersHowManyReplicasThereWere() {
    world.withScale(3, "helm").podsFollow().withPodsCreated(NOW.minus(Duration.ofHours(5)));

    assertThat(world.plan().steps()).containsExactly(new Step.Sleep(3));
  }

  private static Arguments shuts(String what, String gates, Consumer<World> change) {
    return arguments(what, gates, change);
  }

  private static Stream<Arguments> gates() {
    return Stream.of(
        shuts("observes only", "Mode", w -> w.withMode(Mode.Observe)),
        shuts("is paused", "Mode", w -> w.withMode(Mode.Paused)),
        shuts(
            "is frozen",
            "NotFrozen",
            w -> w.withFreeze(new Freeze(Freeze.Scope.NAMESPACE, "launch"))),
        shuts("idleAfter is not readable", "Valid BehindGateway Idle", w -> w.withIdleAfter("1d")),
        shuts("idleAfter is zero", "Valid BehindGateway Idle", w -> w.withIdleAfter("0s")),
        shuts("wakeTimeout is not readable", "Valid BehindGateway", w -> w.withWakeTimeout("soon")),
        shuts("path is not supported", "Valid BehindGateway", w -> w.withPath(Path.WhileAsleep)),
        shuts("path is the predecessor's", "Valid BehindGateway", w -> w.withPath(Path.Selector)),
        shuts("replicas.min is above zero", "Valid", w -> w.withReplicas(1, null, null)),
        shuts("metric sources are asked for", "Valid", World::withSource),
        shuts("the target is not there", "Valid BehindGateway", World::withMissingTarget),
        shuts("the target cannot be read", "Valid BehindGateway", World::withUnreadableTarget),
        shuts("no target is named", "Valid BehindGateway", w -> w.withTargetRef(null)),
        shuts(
            "an older resource has the target",
            "Valid BehindGateway",
            w -> w.withOther(World.other("older", Instant.EPOCH, TARGET))),
        shuts("no Service is there", "Valid BehindGateway", World::withoutServices),
        shuts(
            "no gateway is ready",
            "GatewayReady",
            w -> w.withGatewayUnreadySince(NOW.minusSeconds(29))),
        shuts("the key is missing", "BehindGateway", w -> w.withoutMarks().withKey("shop", false)),
        shuts("somebody removed the key", "BehindGateway", w -> w.withKey("shop", false)),
        shuts(
            "a second Service selects the pods and is not handed over",
            "BehindGateway",
            w -> w.withService(World.service("second", World.LABELS, World.http()))),
        shuts("not settled", "Settled", w -> w.withAdoption(LATELY, LATELY)),
        shuts(
            "old connections may go past the gateway",
            "AdoptionGrace",
            w -> w.withAdoption(NOW.minusSeconds(60), NOW.plusSeconds(1))),
        shuts("a request is answered", "NotBusy Idle", w -> w.withTraffic(1, 0, 0)),
        shuts("a request is held", "NotBusy Idle", w -> w.withTraffic(0, 1, 0)),
        shuts("a connection is open", "NotBusy Idle", w -> w.withTraffic(0, 0, 1)),
        shuts("a replica is silent", "NotBusy Idle", w -> w.withLastEvent(NOW.minusMillis(3_001))),
        shuts("a replica never spoke", "NotBusy Idle", w -> w.withLastEvent(null)),
        shuts("a replica does not serve it yet", "NotBusy Idle", World::withNotServedYet),
        shuts("nobody is heard", "NotBusy Idle", World::withNobodyHeard),
        shuts("a byte passed lately", "Idle", w -> w.withLastByte(LATELY)),
        shuts("a replica just started", "Idle", w -> w.withActiveUntil(LATELY)),
        shuts("the list of replicas shrank lately", "Idle", w -> w.withFloor(LATELY)),
        shuts(
            "it was woken lately",
            "Idle",
            w -> w.withCondition(ConditionTypes.ASLEEP, "False", LATELY)),
        shuts("nothing is known of its past", "Idle", w -> w.withStatus(withoutConditions())),
        shuts("an HPA wants more", "HpaQuiet", w -> w.withHpa(1, 5, 1, 2)),
        shuts("its spec is not observed yet", "NoRollout", w -> w.withRollout(2, 1, 1)),
        shuts("pods of the old template are left", "NoRollout", w -> w.withRollout(3, 2, 1)),
        shuts("pods are not updated yet", "NoRollout", w -> w.withRollout(3, 1, 0)),
        shuts(
            "its replicas are contested",
            "NotContested",
            w ->
                w.withAnnotation(
                    Reversals.ANNOTATION, new Reversals("argocd", 3, 1, LATELY).text())));
  }

  private static Status withoutConditions() {
    Instant before = NOW.minus(Duration.ofHours(5));
    return new Status(
        1,
        null,
        null,
        null,
        null,
        null,
        new World().resource().mappedServices(),
        null,
        null,
        before,
        null,
        null);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("gates")
  void eachGateAloneKeepsItUp(String what, String gates, Consumer<World> change) {
    change.accept(world);

    Plan plan = world.plan();

    assertThat(plan.sleeps()).isFalse();
    assertThat(plan.shut()).containsExactlyInAnyOrder(gates.split(" "));
    assertThat(plan.gates()).allSatisfy(g -> assertThat(g.detail()).isNotEmpty());
  }

  private static Stream<Arguments> harmless() {
    return Stream.of(
        arguments("an HPA is content", (Consumer<World>) w -> w.withHpa(1, 5, 1, 1)),
        arguments(
            "an HPA wants less",
            (Consumer<World>) w -> w.withScale(2, "helm").withRollout(3, 2, 2).withHpa(1, 5, 2, 1)),
        arguments(
            "another workload's HPA wants more",
            (Consumer<World>) w -> w.withCustomKind().withHpa(1, 5, 1, 2)),
        arguments(
            "a younger resource wants the target",
            (Consumer<World>) w -> w.withOther(World.other("younger", NOW, TARGET))),
        arguments(
            "a replica is on its way out",
            (Consumer<World>)
                w ->
                    w.withGateways(
                        new GatewayView.Replica("10.1.0.1", true, false),
                        new GatewayView.Replica("10.1.0.2", false, true))),
        arguments(
            "a replica spoke just within the silence",
            (Consumer<World>) w -> w.withLastEvent(NOW.minusSeconds(3))),
        arguments("no byte since the replica's start", (Consumer<World>) w -> w.withLastByte(null)),
        arguments(
            "a Service of other pods",
            (Consumer<World>)
                w -> w.withService(World.service("bar", Map.of("app", "bar"), World.http()))),
        arguments(
            "two reversals",
            (Consumer<World>)
                w ->
                    w.withAnnotation(
                        Reversals.ANNOTATION, new Reversals("argocd", 2, 1, LATELY).text())),
        arguments(
            "three reversals before the resource was changed",
            (Consumer<World>)
                w ->
                    w.withGeneration(2)
                        .withMark("shop", 2)
                        .withAnnotation(
                            Reversals.ANNOTATION, new Reversals("argocd", 3, 1, LATELY).text())),
        arguments("wanted up, and no pod is ready", (Consumer<World>) w -> w.withPodsReady(false)),
        arguments(
            "the longest window that has passed", (Consumer<World>) w -> w.withIdleAfter("1h")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("harmless")
  void sleepsInSpiteOfWhatDoesNotMatter(String what, Consumer<World> change) {
    change.accept(world);

    assertThat(world.plan().shut()).isEmpty();
    assertThat(world.plan().sleeps()).isTrue();
  }

  private static Stream<Arguments> times() {
    return Stream.of(
        arguments("Idle", 600, (Consumer<World>) w -> w.withLastByte(NOW)),
        arguments("Idle", 600, (Consumer<World>) w -> w.withFloor(NOW)),
        arguments("Idle", 600, (Consumer<World>) w -> w.withActiveUntil(NOW)),
        arguments(
            "Idle",
            600,
            (Consumer<World>) w -> w.withCondition(ConditionTypes.ASLEEP, "False", NOW)),
        arguments("Settled", 10, (Consumer<World>) w -> w.withAdoption(NOW, NOW)),
        arguments(
            "AdoptionGrace",
            40,
            (Consumer<World>) w -> w.withAdoption(NOW.minusSeconds(60), NOW.plusSeconds(40))));
  }

  @ParameterizedTest(name = "{0} after {1} s")
  @MethodSource("times")
  void opensExactlyInTimeAndLooksAgainThen(String gate, int seconds, Consumer<World> change) {
    change.accept(world);
    world.later(Duration.ofSeconds(seconds).minusMillis(100));

    assertThat(world.plan().shut()).containsExactly(gate);
    assertThat(world.plan().lookAgain()).isEqualTo(Duration.ofMillis(100));

    world.later(Duration.ofMillis(100));

    assertThat(world.plan().sleeps()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"PT1S,PT1M", "PT10M,PT10M", "PT9M,PT10M"})
  void theWindowCountsFromTheLatestOfAll(Duration floorAgo, Duration byteAgo) {
    world.withFloor(NOW.minus(floorAgo)).withLastByte(NOW.minus(byteAgo));
    Duration rest = Duration.ofMinutes(10).minus(floorAgo);

    assertThat(world.later(rest.minusMillis(1)).plan().sleeps()).isFalse();
    assertThat(world.later(Duration.ofMillis(1)).plan().sleeps()).isTrue();
  }

  @Test
  void tellsWhatHoldsItBackWithItsValue() {
    world.withTraffic(1, 2, 3).withHpa(1, 5, 1, 2);

    List<Gate> shut = world.plan().gates().stream().filter(gate -> !gate.open()).toList();

    assertThat(shut)
        .extracting(Gate::detail)
        .containsExactly(
            "gateway 10.1.0.2: 1 in flight, 2 held, 3 open",
            "last active 2026-03-01T12:00:00Z, sleeps after 10m",
            "hpa wants 2 of 1");
  }
}
