package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import org.junit.jupiter.api.Test;

/** Ordinals that are wanted again, and claims that stay. */
class ReturningTest {

  // D13, T11: wanted again.

  @Test
  void givesBackWhatHadNotBegun() {
    World world = new World(2, 0, 1).cleanup(1, "", World.NEVER_RAN);

    assertThat(world.steps()).containsExactly("delete pod web-1");
    assertThat(world.state(1)).isEqualTo("Returning");
  }

  @Test
  void waitsForWhatHasBegun() {
    World world = new World(2, 0, 1).cleanup(1, "", World.RUNS);

    assertThat(world.steps()).isEmpty();
    assertThat(world.plan().ordinals().getFirst().message()).contains("wanted again");
  }

  @Test
  void keepsClaimsOfWhatCameBackDuringItsCleanup() {
    assertThat(new World(2, 0, 1).cleanup(1, "Succeeded").steps())
        .containsExactly("delete pod web-1");
    assertThat(new World(2, 0, 1).cleanup(1, World.succeeded(1), "{'phase': 'Succeeded'}").steps())
        .containsExactly("delete pod web-1");
  }

  @Test
  void givesNewVolumesToWhatCameBackWhereToldSo() {
    World world = new World(2, 0, 1).setting("on-return", "renew");

    assertThat(world.cleanup(1, "Succeeded").steps())
        .containsExactly("succeeded data-web-1=uid-data-web-1");
    assertThat(world.cleanup(1, World.succeeded(1), "{'phase': 'Succeeded'}").steps())
        .containsExactly("delete claim data-web-1", "delete pod web-1");
  }

  @Test
  void wakesTheSetsControllerWhenALockIsGone() {
    World world = new World(2, 0, 1).record(1, State.Returning, "ScaledUp", "'podUid': 'pod-1'");

    assertThat(world.steps()).containsExactly("touch");
    assertThat(world.regular(1, false).steps()).isEmpty();
    assertThat(world.record(1, State.Cancelled, "ScaledUp", "").plan().steps()).isEmpty();
  }

  @Test
  void wakesItAlsoAfterTheLastDeletion() {
    assertThat(new World(2, 0).record(1, State.Finishing, "CleanupSuccess", "").steps())
        .containsExactly("touch");
  }

  @Test
  void neverLocksAWantedOrdinalThatFailed() {
    assertThat(new World(2, 0, 1).cleanup(1, "", World.FAILED).steps())
        .containsExactly("delete pod web-1");
  }

  // Keeping.

  @Test
  void keepsClaimsWhereToldSo() {
    World world =
        new World(1, 0, 1)
            .setting("claims", "keep")
            .cleanup(1, World.succeeded(1), "{'phase': 'Succeeded'}");

    assertThat(world.steps()).containsExactly("delete pod web-1");
    assertThat(world.state(1)).isEqualTo("Kept");
    world.pods.clear();
    world.record(
        1, State.Kept, "ClaimsKept", "'claims': [{'name': 'data-web-1', 'uid': 'uid-data-web-1'}]");
    assertThat(world.plan().steps()).isEmpty();
  }
}
