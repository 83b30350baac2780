package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of cleanups that fail. */
class FailuresTest {

  // D11, T9, T10: failures.

  @Test
  void holdsWhatFailed() {
    World world = new World(1, 0, 1).cleanup(1, "", World.FAILED);

    assertThat(world.steps()).isEmpty();
    assertThat(world.state(1)).isEqualTo("Held");
    assertThat(world.plan().ordinals().getFirst().message()).contains("exit code 3, no peer");
  }

  @Test
  void holdsWhatFailsAgainAndAgain() {
    String again =
        "{'phase': 'Running', 'containerStatuses': [{'name': 'main', 'restartCount': 3}]}";

    assertThat(new World(1, 0, 1).setting("backoff-limit", "3").cleanup(1, "", again).state(1))
        .isEqualTo("Running");
    assertThat(new World(1, 0, 1).setting("backoff-limit", "2").cleanup(1, "", again).state(1))
        .isEqualTo("Held");
  }

  @Test
  void holdsWhatTakesTooLong() {
    World world = new World(1, 0, 1).setting("deadline-seconds", "120").cleanup(1, "", World.RUNS);

    assertThat(world.state(1)).isEqualTo("Running");
    assertThat(world.plan().lookAgain()).isEqualTo(World.NOW.plusSeconds(60));
    world.now = World.NOW.plusSeconds(60);
    assertThat(world.state(1)).isEqualTo("Held");
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "1, 20", "2, 40", "4, 160", "9, 300"})
  void triesAgainLaterAndLater(int attempts, int seconds) {
    World world =
        new World(1, 0, 1)
            .setting("on-failure", "retry")
            .setting("retry-limit", "10")
            .record(1, State.Running, "Running", "'attempts': " + attempts)
            .cleanup(1, "", World.FAILED);

    assertThat(world.steps()).containsExactly("delete pod web-1");
    Step.Note note = (Step.Note) world.plan().steps().getFirst();
    assertThat(note.status().state()).isEqualTo(State.Retrying);
    assertThat(note.status().attempts()).isEqualTo(attempts + 1);
    assertThat(note.status().nextAttemptAt()).isEqualTo(World.NOW.plusSeconds(seconds));
  }

  @Test
  void waitsForTheNextTry() {
    World world =
        new World(1, 0, 1)
            .setting("on-failure", "retry")
            .record(
                1,
                State.Retrying,
                "CleanupFailed",
                "'attempts': 1, 'podUid': 'gone', 'nextAttemptAt': '2026-03-10T12:00:10Z'");

    assertThat(world.steps()).isEmpty();
    assertThat(world.plan().lookAgain()).isEqualTo(World.NOW.plusSeconds(10));
    world.now = World.NOW.plusSeconds(10);
    assertThat(world.steps()).containsExactly("create 1");
  }

  @Test
  void holdsWhatWasTriedOftenEnough() {
    World world =
        new World(1, 0, 1)
            .setting("on-failure", "retry")
            .setting("retry-limit", "2")
            .record(1, State.Running, "Running", "'attempts': 2")
            .cleanup(1, "", World.FAILED);

    assertThat(world.state(1)).isEqualTo("Held");
  }

  @Test
  void releasesWhatFailedWhereToldSo() {
    World world = new World(1, 0, 1).setting("on-failure", "release").cleanup(1, "", World.FAILED);

    assertThat(world.state(1)).isEqualTo("Skipped");
    assertThat(world.steps()).containsExactly("delete pod web-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Evicted", "NodeLost", "Preempting", "Terminated", "OutOfcpu"})
  void makesPodsAnewThatWereTakenAway(String reason) {
    World world =
        new World(1, 0, 1).cleanup(1, "", "{'phase': 'Failed', 'reason': '%s'}".formatted(reason));

    assertThat(world.state(1)).isEqualTo("Retrying");
    assertThat(world.steps()).containsExactly("delete pod web-1");
  }

  @Test
  void makesPodsAnewThatSomebodyDeleted() {
    assertThat(new World(1, 0, 1).record(1, State.Running, "Running", "").steps())
        .containsExactly("create 1");
    assertThat(new World(1, 0, 1).record(1, State.Held, "CleanupFailed", "").steps())
        .containsExactly("create 1");
  }
}
