package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static dev.ebb.autoscaler.plan.World.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What once went wrong. */
class RegressionsTest {
  private final World world = new World();

  @Test
  void offToUpIsActivity() {
    world.withScale(0, "kubectl").podsFollow().after(world.plan());
    world.later(Duration.ofHours(1)).withScale(1, "kubectl").podsFollow();
    assertThat(world.plan().sleeps()).isFalse();
    world.after(world.plan());
    assertThat(world.plan().sleeps()).isFalse();
    world.later(Duration.ofMinutes(9)).after(world.plan());
    assertThat(world.plan().sleeps()).isFalse();
    assertThat(world.later(Duration.ofMinutes(1)).plan().sleeps()).isTrue();
  }

  @Test
  void settlingToUpByOtherHandIsActivity() {
    world.after(world.plan()).after(world.plan());
    assertThat(world.resource().status().state()).isEqualTo(State.Settling);
    world.later(Duration.ofSeconds(2)).withScale(1, "kubectl");
    assertThat(world.plan().sleeps()).isFalse();
    assertThat(world.after(world.plan()).plan().sleeps()).isFalse();
  }

  @Test
  void markNeverBeforeKey() {
    world.withService(World.service("api", World.LABELS, World.http())).withMark("api", 1);
    world.withSlice("api", "http");
    world.withServicesNamed("api").withGeneration(2);
    Plan plan = world.plan();
    assertThat(plan.steps()).anyMatch(Step.AddKey.class::isInstance);
    for (Step step : plan.steps()) {
      if (step instanceof Step.AddKey) {
        break; // its write conflicts
      }
      world.take(step);
    }
    assertThat(world.plan().problems()).isEmpty();
  }

  @Test
  void reversalWhileSettlingCounts() {
    world.after(world.plan()).after(world.plan());
    assertThat(world.resource().status().state()).isEqualTo(State.Settling);
    world.later(Duration.ofSeconds(2)).withScale(1, "argocd-controller");
    world.after(world.plan());
    assertThat(Reversals.of(world.resource()).count()).isEqualTo(1);
  }

  @Test
  void ownSleepWithoutWriterIsAsleep() {
    world.withScale(1, null);
    world.after(world.plan()); // slept
    world.withScale(0, null);
    world.after(world.plan());
    assertThat(world.resource().status().state()).isEqualTo(State.Settling);
    world.podsFollow();
    world.after(world.plan());
    assertThat(world.resource().status().state()).isEqualTo(State.Asleep);
  }

  @Test
  void contestAfterAnEditIsNotFought() {
    world.withGeneration(2).after(world.plan());
    world.withKey("shop", false);
    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.plan().problems()).extracting(Problem::reason).contains("SelectorContested");
  }

  @Test
  void bypassSurvivesAPause() {
    world.withGatewayUnreadySince(NOW.minusSeconds(30)).after(world.plan());
    world.withMode(Mode.Paused).after(world.plan());
    Condition c = world.resource().status().condition(ConditionTypes.BYPASSED).orElseThrow();
    assertThat(c.isTrue()).isTrue();
    world.withMode(Mode.Enforce).withGatewayReadySince(NOW.minusSeconds(1));
    assertThat(world.plan().steps()).isEmpty();
  }

  @Test
  void lateReleaseStillWakes() {
    world.asleep();
    assertThat(Release.next(world.observed(), NOW.minusSeconds(60)))
        .isEqualTo(new Release.Next.Wake(TARGET, 1));
  }

  /** A note (the bypass) is never the reason for a wake. */
  @Test
  void wakeNamesTheGravest() {
    world.asleep().withPath(ScaledResource.Path.WhileAsleep);

    assertThat(world.plan().steps()).contains(new Step.Wake(1, "PathNotSupported"));
  }

  @Test
  void anUnreadableTargetKeepsItsAdoption() {
    world.withUnreadableTarget();
    assertThat(world.plan().status().adoptedAt()).isEqualTo(NOW.minus(Duration.ofHours(5)));
  }

  @Test
  void aReplicaThatIsListedAndNotHeardIsBusy() {
    world.withGateways(
        new GatewayView.Replica("10.1.0.1", true, false),
        new GatewayView.Replica("10.1.0.2", true, false),
        new GatewayView.Replica("10.1.0.3", false, true));
    assertThat(world.plan().sleeps()).isFalse();
  }

  @Test
  void refusedWhileAsleepKeepsTheKeyUntilReady() {
    world.asleep().withIdleAfter("1d");
    Plan plan = world.plan();
    assertThat(plan.steps()).noneMatch(Step.RemoveKey.class::isInstance);
    world.after(plan);
    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.plan().status().services()).hasSize(1);
    world.podsFollow();
    assertThat(world.plan().steps()).anyMatch(Step.RemoveKey.class::isInstance);
  }

  @Test
  void anHpasOwnWakeIsNoReversal() {
    world.withHpa(0, 5, 1, 1);
    for (int i = 0; i < 3; i++) {
      world.withScale(0, "untracked").podsFollow();
      world.after(world.plan()).later(Duration.ofHours(1));
      assertThat(world.resource().status().state()).isEqualTo(State.Asleep);
      world.withScale(1, "untracked").podsFollow();
      world.after(world.plan()).later(Duration.ofMinutes(10));
    }
    assertThat(world.plan().problems()).isEmpty();
  }

  @Test
  void theLoserServesUntilTheWinnerDoes() {
    world.withOther(World.other("older", Instant.EPOCH, TARGET));
    assertThat(world.plan().status().services()).hasSize(1);
    World then = new World();
    then.withOther(
        World.other(
            World.meta("older", 1, Instant.EPOCH, Map.of(), List.of()),
            TARGET,
            new MappedService("shop", "uid-of-shop", List.of())));
    assertThat(then.plan().status().services()).isEmpty();
  }

  /** A zero that somebody else writes after a wake is not Ebb's sleep of before. */
  @Test
  void withoutAWriterAnOldSleepIsForgottenOnWaking() {
    world.withAnnotation(ScaledResource.REMEMBERED_REPLICAS, "1").withScale(1, null);

    Plan awake = world.plan();
    assertThat(awake.steps()).contains(new Step.Annotate(ScaledResource.REMEMBERED_REPLICAS, ""));
    world.after(awake).withScale(0, null);

    assertThat(world.plan().status().state()).isEqualTo(State.Off);
  }
}
