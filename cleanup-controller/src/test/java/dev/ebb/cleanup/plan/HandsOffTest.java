package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.runtime.freeze.Freeze;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps hands off an ordinal, for a while or for ever. */
class HandsOffTest {

  // D27

  @Test
  void remembersWhatWasLeftOverBefore() {
    World world = new World(1, 0, 1, 2).setting("existing", "ignore");

    assertThat(world.steps()).containsExactly("baseline [uid-data-web-2, uid-data-web-1]");
    world.annotate(Names.BASELINE, "uid-data-web-2,uid-data-web-1");
    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.claim("data-web-3").steps()).containsExactly("create 3");
    assertThat(world.findings()).isEmpty();
    assertThat(world.setting("existing", "report").findings()).containsExactly("OrphanedClaims");
  }

  // D28: hands off.

  @ParameterizedTest
  @CsvSource({"Observe, Observing", "Paused, Paused", "nonsense, InvalidPolicy"})
  void doesNothingInOtherModes(String mode, String finding) {
    World world = new World(1, 0, 1).annotate("ebb.dev/mode", mode);

    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.findings()).contains(finding);
  }

  @Test
  void doesNothingWhileFrozen() {
    World world = new World(1, 0, 1);
    world.freeze = Optional.of(new Freeze(Freeze.Scope.SUITE, "audit"));

    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.findings()).containsExactly("SuiteFrozen");
  }

  @Test
  void doesNothingBesideALivePredecessor() {
    World world = new World(1, 0, 1).cleanup(1, World.succeeded(1), "{'phase': 'Succeeded'}");
    world.predecessor = "host-external-statefulset-scaledown-controller";

    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.findings()).containsExactly("PredecessorActive");
  }

  // D29

  @Test
  void keepsTheFirstOrdinalWhereToldSo() {
    World world = new World(0, 0, 1).setting("first-ordinal", "skip");

    assertThat(world.steps()).containsExactly("create 1");
    assertThat(world.state(0)).isEqualTo("Waiting");
  }

  @Test
  void waitsForPeersWhereToldSo() {
    World world = new World(2, 0, 1, 2).setting("require-ready", "first");

    assertThat(world.steps()).isEmpty();
    assertThat(world.regular(0, true).steps()).containsExactly("create 2");
    world.setting("require-ready", "all");
    assertThat(world.steps()).isEmpty();
    assertThat(world.regular(1, true).steps()).containsExactly("create 2");
  }

  @Test
  void waitsWhetherAnOrdinalStaysUnwanted() {
    World world = new World(1, 0, 1).setting("settle", "30s");

    assertThat(world.steps()).isEmpty();
    assertThat(world.plan().lookAgain()).isEqualTo(World.NOW.plus(Duration.ofSeconds(30)));
    world.record(1, State.Waiting, "Settling", "'nextAttemptAt': '2026-03-10T12:00:30Z'");
    assertThat(world.steps()).isEmpty();
    world.now = World.NOW.plusSeconds(30);
    assertThat(world.steps()).containsExactly("create 1");
  }

  // What users ask for.

  @ParameterizedTest
  @CsvSource({"retry, Retrying", "skip, Skipped", "cancel, Held"})
  void doesWhatAUserAsksForUnderALock(String request, String state) {
    World world =
        new World(1, 0, 1)
            .record(1, State.Held, "CleanupFailed", "", request)
            .cleanup(1, "", World.FAILED);

    assertThat(world.plan().steps().stream().map(World::words))
        .containsExactly("note 1 " + state, "clear request", "delete pod web-1");
  }

  @Test
  void deletesWhatWasCondemnedBeforeTheProcessEnded() {
    World world =
        new World(1, 0, 1)
            .record(1, State.Held, "Stopped", "'podUid': 'pod-1'")
            .cleanup(1, "", World.RUNS);

    assertThat(world.steps()).containsExactly("delete pod web-1");
  }

  @Test
  void staysStoppedUntilARetry() {
    String claims = "'claims': [{'name': 'data-web-1', 'uid': 'uid-data-web-1'}]";
    World world = new World(1, 0, 1).record(1, State.Held, "Stopped", claims);

    assertThat(world.steps()).isEmpty();
    world.record(1, State.Held, "Stopped", claims, "retry");
    assertThat(world.plan().steps().stream().map(World::words))
        .containsExactly("note 1 Waiting", "clear request");
  }

  @Test
  void takesAwayWhatRunsWhenTheTemplateIsTakenAway() {
    World world = new World(1, 0, 1).annotate(Names.TEMPLATE, null).cleanup(1, "", World.RUNS);

    assertThat(world.steps()).containsExactly("delete pod web-1");
    assertThat(world.state(1)).isEqualTo("Cancelled");
  }
}
