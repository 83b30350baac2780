package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import org.junit.jupiter.api.Test;

/** Sets that are deleted. */
class DeletedSetTest {

  private static World deleting(int replicas, int... ordinals) {
    return new World(replicas, ordinals)
        .setting("on-delete", "clean")
        .finalizer("other/finalizer")
        .finalizer(Names.FINALIZER)
        .deleted();
  }

  // D5, D16, T6, T7, T8: sets that are deleted.

  @Test
  void deletesPodsOfASetInTheBackgroundFromTheHighestOn() {
    assertThat(deleting(2, 0, 1).regular(0, true).regular(1, true).steps())
        .containsExactly("delete pod web-1");
    assertThat(deleting(2, 0, 1).regular(0, true).steps()).containsExactly("create 1");
    assertThat(deleting(2, 0, 1).regular(0, true).cleanup(1, "Running").steps()).isEmpty();
    assertThat(deleting(2, 0).regular(0, true).steps()).containsExactly("delete pod web-0");
  }

  @Test
  void deletesOrphanedPodsOfASetToo() {
    World world = deleting(1, 0).pod(0, "'labels': {'app': 'web'}", "{'phase': 'Running'}");

    assertThat(world.steps()).containsExactly("delete pod web-0");
  }

  @Test
  void letsASetGoWhenNothingIsLeft() {
    assertThat(deleting(1).steps()).containsExactly("remove finalizer");
    assertThat(deleting(1).terminating("data-web-0").steps()).containsExactly("remove finalizer");
    assertThat(deleting(1).cleanup(0, "Running").steps()).doesNotContain("remove finalizer");
    assertThat(
            deleting(1, 0)
                .record(
                    0,
                    State.Skipped,
                    "Skipped",
                    "'claims': [{'name': 'data-web-0', 'uid': 'uid-data-web-0'}]")
                .steps())
        .containsExactly("remove finalizer");
  }

  @Test
  void letsASetGoWithWhatIsToStay() {
    assertThat(deleting(1, 0).setting("first-ordinal", "skip").steps())
        .containsExactly("remove finalizer");
    assertThat(
            deleting(1, 0)
                .setting("existing", "ignore")
                .annotate(Names.BASELINE, "uid-data-web-0")
                .steps())
        .containsExactly("remove finalizer");
  }

  @Test
  void letsASetGoAtOnceUnlessToldOtherwise() {
    assertThat(new World(1, 0).finalizer("other").finalizer(Names.FINALIZER).deleted().steps())
        .containsExactly("remove finalizer");
    assertThat(new World(1, 0).deleted().steps()).isEmpty();
  }

  @Test
  void letsASetGoWhoseTemplateWasTakenAway() {
    assertThat(deleting(1, 0).annotate(Names.TEMPLATE, null).steps())
        .containsExactly("remove finalizer");
  }
}
