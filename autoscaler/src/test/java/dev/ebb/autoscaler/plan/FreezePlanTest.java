package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.Path;
import dev.ebb.runtime.model.ScaledResource.State;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Frozen: what sleeps is woken, and nothing else is done. */
class FreezePlanTest {

  private static final Freeze SUITE = new Freeze(Freeze.Scope.SUITE, "the shop's big day");

  private final World world = new World();

  private Condition frozen() {
    return world.plan().status().condition(ConditionTypes.FROZEN).orElseThrow();
  }

  @Test
  void whatWouldSleepStaysUp() {
    assertThat(world.plan().sleeps()).isTrue();

    Plan plan = world.withFreeze(SUITE).plan();

    assertThat(plan.steps()).isEmpty();
    assertThat(plan.shut()).containsExactly("NotFrozen");
    assertThat(plan.status().nextTransition()).isNull();
  }

  @ParameterizedTest
  @EnumSource(Freeze.Scope.class)
  void whatSleepsIsWokenOnceAndThenLeftAlone(Freeze.Scope scope) {
    world.asleep().withFreeze(new Freeze(scope, ""));

    Plan plan = world.plan();

    assertThat(plan.steps()).containsExactly(new Step.Wake(1, "Frozen"));
    world.after(plan).podsFollow();
    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.plan().status().state()).isEqualTo(State.Awake);
  }

  @ParameterizedTest
  @EnumSource(value = Mode.class, names = "Enforce", mode = EnumSource.Mode.EXCLUDE)
  void whatIsPausedOrObservedIsNotWoken(Mode mode) {
    assertThat(world.asleep().withMode(mode).withFreeze(SUITE).plan().steps()).isEmpty();
  }

  @Test
  void whatSomebodyElseStoppedIsNotWoken() {
    world.withScale(0, "kubectl").podsFollow().withFreeze(SUITE);

    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.plan().status().state()).isEqualTo(State.Off);
  }

  private static Stream<Arguments> whatWouldBeWritten() {
    return Stream.of(
        writes("takes a Service over", w -> w.withKey("shop", false).withoutMarks()),
        writes("puts its finalizer on", World::asNew),
        writes("leads past a dead gateway", w -> w.withGatewayUnreadySince(NOW.minusSeconds(90))),
        writes("gives a refused Service back", w -> w.withPath(Path.Selector)));
  }

  private static Arguments writes(String what, Consumer<World> change) {
    return arguments(what, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whatWouldBeWritten")
  void nothingElseIsWritten(String what, Consumer<World> change) {
    change.accept(world);
    assertThat(world.plan().steps()).isNotEmpty();

    assertThat(world.withFreeze(SUITE).plan().steps()).isEmpty();
  }

  @Test
  void statusAndEventSayItAndWhatEndsIt() {
    Plan plan = world.withLastByte(NOW).withFreeze(SUITE).plan();

    assertThat(frozen().isTrue()).isTrue();
    assertThat(frozen().reason()).isEqualTo("SuiteFrozen");
    assertThat(frozen().message()).contains("the shop's big day", "delete ConfigMap ebb-freeze");
    assertThat(plan.status().message()).startsWith("awake; ").contains("frozen");
    assertThat(plan.problems()).extracting(Problem::reason).containsExactly("Frozen");
    assertThat(plan.status().condition(ConditionTypes.READY).orElseThrow().isTrue()).isTrue();
  }

  @Test
  void itGoesOnAfterwards() {
    world.withFreeze(SUITE);
    world.after(world.plan()).later(Duration.ofMinutes(1)).withFreeze(null);

    Plan plan = world.plan();

    assertThat(plan.sleeps()).isTrue();
    assertThat(plan.status().conditions())
        .filteredOn(c -> c.type().equals(ConditionTypes.FROZEN))
        .extracting(Condition::status)
        .isEqualTo(List.of("False"));
  }

  @Test
  void whatWasNeverFrozenDoesNotSpeakOfIt() {
    assertThat(world.plan().status().condition(ConditionTypes.FROZEN)).isEmpty();
  }
}
