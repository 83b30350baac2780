package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the notes that the admin API's verbs leave on a resource do to its plan. */
class VerbPlanTest {

  private static final Instant LATER = NOW.plusSeconds(600);

  private final World world = new World();

  private World paused(String until) {
    return world.withMode(Mode.Paused).withAnnotation(Pause.UNTIL, until);
  }

  private Gate idle() {
    return world.plan().gates().stream()
        .filter(g -> g.name().equals("Idle"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPauseSaysItsEndAndIsLookedAtThen() {
    Plan plan = paused(LATER.toString()).plan();

    assertThat(plan.steps()).isEmpty();
    assertThat(plan.status().message()).isEqualTo("awake; paused until " + LATER);
    assertThat(plan.status().nextTransition())
        .isEqualTo(new Transition(LATER, "Resumed", "PauseEnds"));
    assertThat(plan.lookAgain()).isLessThanOrEqualTo(Duration.ofSeconds(600));
  }

  @Test
  void aPauseEndsByItselfAndLeavesNothing() {
    paused(LATER.toString()).later(Duration.ofSeconds(600));

    assertThat(world.plan().steps()).containsExactly(new Step.Resume(Mode.Enforce));
    world.after(world.plan());
    assertThat(world.resource().mode()).isEqualTo(Mode.Enforce);
    assertThat(world.resource().metadata().annotations()).doesNotContainKey(Pause.UNTIL);
    assertThat(world.plan().steps()).doesNotContain(new Step.Resume(Mode.Enforce));
  }

  @Test
  void whatOnlyObservedBeforeOnlyObservesAfterwards() {
    paused(NOW.toString()).withAnnotation(Pause.BEFORE, "Observe");

    assertThat(world.plan().steps()).containsExactly(new Step.Resume(Mode.Observe));
  }

  @ParameterizedTest
  @CsvSource({"tomorrow", "''", "2026-13-01T00:00:00Z"})
  void anEndThatCannotBeReadIsNoneAndIsTold(String until) {
    paused(until.isEmpty() ? " " : until);

    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.plan().status().message()).contains(Pause.UNTIL, "not a time");
    assertThat(world.plan().status().nextTransition()).isNull();
  }

  @Test
  void aFreezeOutlastsThePause() {
    paused(NOW.toString()).withFreeze(new Freeze(Freeze.Scope.SUITE, ""));

    assertThat(world.plan().steps()).isEmpty();
  }

  @Test
  void notesOfAPauseThatSomebodyEndedByHandDoNotEndTheNextOne() {
    world.withAnnotation(Pause.UNTIL, NOW.toString()).withAnnotation(Pause.BEFORE, "Observe");

    assertThat(world.plan().steps())
        .isEqualTo(
            List.of(new Step.Annotate(Pause.UNTIL, ""), new Step.Annotate(Pause.BEFORE, "")));
  }

  @Test
  void aPausedSleeperSaysWhatItsCallersGet() {
    world.asleep();
    assertThat(paused(LATER.toString()).plan().status().message())
        .startsWith("at 0 replicas; paused until")
        .contains("503")
        .doesNotContain("nobody answers");
  }

  @Test
  void aPausedSleeperSaysThatAServiceThatWasMadeAnewLeadsNowhere() {
    world.asleep().withKey("shop", false);

    Plan plan = paused(LATER.toString()).plan();

    assertThat(plan.steps()).as("paused is paused").isEmpty();
    assertThat(plan.status().message()).contains("nobody answers at Services that do not lead");
    assertThat(plan.status().condition(ConditionTypes.HANDED_OVER).orElseThrow().status())
        .isEqualTo("False");
  }

  @ParameterizedTest(name = "active {0} s before the wish, {1} s after it: {2}")
  @CsvSource({"1,0,true", "0,0,true", "60,299,true", "60,300,false", "-1,5,false", "1,-1,false"})
  void aWishOpensTheWindowUntilTheNextRequestAndForFiveMinutes(
      long activeBefore, long later, boolean open) {
    world
        .withIdleAfter("1h")
        .withLastByte(NOW.minusSeconds(activeBefore))
        .withAnnotation(SleepWish.ANNOTATION, NOW.minusSeconds(later).toString());
    if (activeBefore >= 0) {
      world.withLastByte(NOW.minusSeconds(later + activeBefore));
    } else {
      world.withLastByte(NOW);
    }

    assertThat(idle().open()).isEqualTo(open);
    assertThat(world.plan().sleeps()).isEqualTo(open);
  }

  @Test
  void aWishOpensNothingElse() {
    world
        .withIdleAfter("1h")
        .withLastByte(NOW.minusSeconds(9))
        .withTraffic(0, 0, 0)
        .withAnnotation(SleepWish.ANNOTATION, NOW.toString())
        .withRollout(2, 1, 0);

    assertThat(world.plan().shut()).containsExactly("NoRollout");
  }

  @Test
  void aWishThatIsOverIsForgotten() {
    world
        .withLastByte(NOW)
        .withAnnotation(SleepWish.ANNOTATION, NOW.minus(SleepWish.COUNTS).toString());

    assertThat(world.plan().steps()).containsExactly(new Step.Annotate(SleepWish.ANNOTATION, ""));
  }

  @Test
  void aWishThatCannotBeReadIsNone() {
    world
        .withIdleAfter("1h")
        .withLastByte(NOW.minusSeconds(9))
        .withAnnotation(SleepWish.ANNOTATION, "now");

    assertThat(idle().open()).isFalse();
  }
}
