package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.freeze.Freeze;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The predecessor's defects (D) and the acceptance cases (T), as tables over decisions. */
class PlannerTest {

  private static final String NEVER_RAN = "{'phase': 'Pending'}";
  private static final String RUNS =
      "{'phase': 'Running', 'containerStatuses': [{'name': 'main', 'state': {'running': {}}}]}";
  private static final String FAILED =
      "{'phase': 'Failed', 'containerStatuses': [{'name': 'main', 'state': {'terminated': {'exitCode': 3, 'message': 'no peer'}}}]}";

  private static World deleting(int replicas, int... ordinals) {
    return new World(replicas, ordinals)
        .setting("on-delete", "clean")
        .finalizer("other/finalizer")
        .finalizer(Names.FINALIZER)
        .deleted();
  }

  // D1, T1, T2: which ordinals are wanted.

  @Test
  void neverActsOnOrdinalsFromTheStartOn() {
    World world = new World(3, 5, 6, 7);
    world.spec().putObject("ordinals").put("start", 5);

    assertThat(world.plan().steps()).isEmpty();
  }

  @Test
  void cleansUpBelowARaisedStart() {
    World world = new World(1, 0, 1, 2).parallel();
    world.spec().putObject("ordinals").put("start", 2);

    assertThat(world.steps()).containsExactly("create 1", "create 0");
  }

  // D2, T14: Kubernetes' own deletion of claims.

  @Test
  void claimsNothingWhereKubernetesDeletesClaims() {
    World world = new World(1, 0, 1);
    world.spec().putObject("persistentVolumeClaimRetentionPolicy").put("whenScaled", "Delete");

    assertThat(world.steps()).isEmpty();
    assertThat(world.findings()).containsExactly("RetentionPolicyConflict");
    assertThat(world.state(1)).isEqualTo("Blocked");
  }

  @Test
  void keepsNoSetWhoseClaimsKubernetesDeletesWithIt() {
    World world = new World(1, 0).setting("on-delete", "clean");
    world.spec().putObject("persistentVolumeClaimRetentionPolicy").put("whenDeleted", "Delete");

    assertThat(world.steps()).isEmpty();
    assertThat(world.findings()).containsExactly("RetentionPolicyConflict");
  }

  // D3, T12: whose a claim is.

  @Test
  void leavesClaimsThatAnotherSetMayHaveMade() {
    World world = new World(1, 0, 1);
    ObjectNode other = World.set("b-web", "a");
    ((ObjectNode) world.spec().path("volumeClaimTemplates").path(0).path("metadata"))
        .put("name", "a-b");
    world.claim("a-b-web-2");
    world.others.add(World.JSON.treeToValue(other, StatefulSet.class));

    assertThat(world.plan().steps().stream().filter(s -> !(s instanceof Step.Note))).isEmpty();
    assertThat(world.findings()).contains("AmbiguousClaim");
  }

  @Test
  void leavesClaimsWithoutTheSetsLabels() {
    World world = new World(1, 0).claim("data-web-1", "uid", "'labels': {'app': 'other'}");

    assertThat(world.steps()).isEmpty();
    assertThat(world.findings()).containsExactly("AmbiguousClaim");
  }

  @Test
  void leavesClaimsThatSomethingElseControls() {
    World world =
        new World(1, 0)
            .claim(
                "data-web-1",
                "uid",
                "'labels': {'app': 'web'}, 'ownerReferences': [{'kind': 'Pod', 'name': 'web-1', 'uid': 'old', 'controller': true}]");

    assertThat(world.steps()).isEmpty();
    assertThat(world.findings()).containsExactly("AmbiguousClaim");
  }

  @Test
  void takesClaimsThatTheSetOwnsWhateverTheirLabels() {
    World world =
        new World(1, 0)
            .claim(
                "data-web-1",
                "uid",
                "'ownerReferences': [{'kind': 'StatefulSet', 'name': 'web', 'uid': 'uid-web', 'controller': true}]");

    assertThat(world.steps()).containsExactly("create 1");
  }

  // D4, T4, T25: whatever the end was interrupted at.

  @Test
  void endsWhereClaimsAreGoingAlready() {
    assertThat(
            new World(1, 0)
                .terminating("data-web-1")
                .cleanup(1, World.succeeded(1), "{'phase': 'Succeeded'}")
                .steps())
        .containsExactly("delete pod web-1");
  }

  @Test
  void endsWhereClaimsAreGone() {
    assertThat(new World(1, 0).cleanup(1, World.succeeded(1), "{'phase': 'Succeeded'}").steps())
        .containsExactly("delete pod web-1");
    assertThat(new World(1, 0).cleanup(1, "Succeeded").steps()).containsExactly("succeeded ");
  }

  // T20: only what was there.

  @Test
  void deletesNoClaimThatWasMadeAnew() {
    World world =
        new World(1, 0)
            .claim("data-web-1", "another", "'labels': {'app': 'web'}")
            .cleanup(1, World.succeeded(1), "{'phase': 'Succeeded'}");

    assertThat(world.steps()).containsExactly("delete pod web-1");
  }

  @Test
  void succeedsForNoClaimThatCameLater() {
    World world =
        new World(1, 0)
            .claim("data-web-1", "another", "'labels': {'app': 'web'}")
            .cleanup(1, "Succeeded");

    assertThat(world.steps()).containsExactly("succeeded ");
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

  // D11, T9, T10: failures.

  @Test
  void holdsWhatFailed() {
    World world = new World(1, 0, 1).cleanup(1, "", FAILED);

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
    World world = new World(1, 0, 1).setting("deadline-seconds", "120").cleanup(1, "", RUNS);

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
            .cleanup(1, "", FAILED);

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
            .cleanup(1, "", FAILED);

    assertThat(world.state(1)).isEqualTo("Held");
  }

  @Test
  void releasesWhatFailedWhereToldSo() {
    World world = new World(1, 0, 1).setting("on-failure", "release").cleanup(1, "", FAILED);

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

  // D12, T3, T25: order.

  @ParameterizedTest
  @ValueSource(strings = {"Running", "Pending", "Failed"})
  void cleansUpOneAfterTheOther(String phase) {
    assertThat(new World(1, 0, 1, 2).cleanup(2, phase).steps()).doesNotContain("create 1");
  }

  @Test
  void waitsForPodsThatAreStillThere() {
    assertThat(new World(1, 0, 1, 2).regular(2, true).steps()).isEmpty();
  }

  @Test
  void beginsNothingAboveACleanupThatRuns() {
    assertThat(new World(1, 0, 1, 2).cleanup(1, "", RUNS).steps()).isEmpty();
  }

  @Test
  void goesOnBelowWhatIsSkipped() {
    World world =
        new World(1, 0, 1, 2)
            .record(
                2,
                State.Skipped,
                "Skipped",
                "'claims': [{'name': 'data-web-2', 'uid': 'uid-data-web-2'}]");

    assertThat(world.steps()).containsExactly("create 1");
  }

  @Test
  void cleansUpAnewWhatIsNoLongerWhatWasSkipped() {
    World world =
        new World(1, 0, 1)
            .record(
                1, State.Skipped, "Skipped", "'claims': [{'name': 'data-web-1', 'uid': 'old'}]");

    assertThat(world.steps()).containsExactly("create 1");
  }

  @Test
  void runsNoMoreThanAllowedAtOnce() {
    World world = new World(1, 0, 1, 2, 3, 4).parallel().setting("max-parallel", "2");

    assertThat(world.steps()).containsExactly("create 4", "create 3");
    assertThat(world.cleanup(1, "", RUNS).steps()).containsExactly("create 4");
  }

  // D13, T11: wanted again.

  @Test
  void givesBackWhatHadNotBegun() {
    World world = new World(2, 0, 1).cleanup(1, "", NEVER_RAN);

    assertThat(world.steps()).containsExactly("delete pod web-1");
    assertThat(world.state(1)).isEqualTo("Returning");
  }

  @Test
  void waitsForWhatHasBegun() {
    World world = new World(2, 0, 1).cleanup(1, "", RUNS);

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
    assertThat(new World(2, 0, 1).cleanup(1, "", FAILED).steps())
        .containsExactly("delete pod web-1");
  }

  // D22, T24: pods of others.

  @Test
  void releasesNamesThatASetOfTheSameNameHadLocked() {
    World world =
        new World(1, 0, 1)
            .pod(
                1,
                "'annotations': {'%s': 'web', '%s': 'gone'}".formatted(Names.OWNER, Names.SET_UID),
                "{'phase': 'Succeeded'}");

    assertThat(world.steps()).containsExactly("delete pod web-1");
  }

  @Test
  void neverTakesARegularPodForACleanup() {
    assertThat(new World(1, 0, 1).regular(1, true).steps()).isEmpty();
    World world =
        new World(1, 0, 1)
            .pod(
                1,
                "'annotations': {'%s': 'web'}, 'ownerReferences': [{'kind': 'StatefulSet', 'name': 'web', 'uid': 'uid-web', 'controller': true}]"
                    .formatted(Names.OWNER),
                "{'phase': 'Succeeded'}");
    assertThat(world.steps()).isEmpty();
  }

  // D24, T13

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data-web-007",
        "data-web-01",
        "data-web--1",
        "data-web-+1",
        "data-web-",
        "data-web-99999999999"
      })
  void readsOrdinalsAsKubernetesWritesThem(String claim) {
    assertThat(new World(1, 0).claim(claim).plan().steps()).isEmpty();
  }

  // D25

  @Test
  void takesAwayAPodWhoseClaimsVanished() {
    assertThat(new World(1, 0).cleanup(1, "", NEVER_RAN).steps())
        .containsExactly("delete pod web-1");
    assertThat(new World(1, 0).terminating("data-web-1").cleanup(1, "", NEVER_RAN).steps())
        .containsExactly("delete pod web-1");
  }

  /** Found by a history: such a pod never starts, and what it waits for never goes. */
  @Test
  void takesAwayAPodThatWaitsForAClaimThatGoes() {
    World world = new World(1, 0, 1);
    world
        .spec()
        .withArrayProperty("volumeClaimTemplates")
        .addObject()
        .putObject("metadata")
        .put("name", "log");
    world.terminating("log-web-1");

    assertThat(world.cleanup(1, "", NEVER_RAN).steps()).containsExactly("delete pod web-1");
    world.pods.clear();
    assertThat(world.steps()).isEmpty();
    assertThat(world.state(1)).isEqualTo("Waiting");
  }

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

  // T21

  @Test
  void completesBesideASidecarThatNeverEnds() {
    String status =
        "{'phase': 'Running', 'containerStatuses': [{'name': 'main', 'state': {'terminated': {'exitCode': 0}}}, {'name': 'istio-proxy', 'state': {'running': {}}}]}";

    assertThat(new World(1, 0, 1).cleanup(1, "", status).steps())
        .containsExactly("succeeded data-web-1=uid-data-web-1");
  }

  // T22

  @Test
  void understandsTheOlderNames() {
    World world =
        new World(1, 0, 1)
            .annotate(Names.TEMPLATE, null)
            .annotate(Names.OLD_TEMPLATE, World.TEMPLATE);

    assertThat(world.steps()).containsExactly("create 1");
    world.pod(
        1,
        "'creationTimestamp': '2026-03-10T11:00:00Z', 'annotations': {'%s': 'web'}"
            .formatted(Names.OLD_OWNER),
        "{'phase': 'Succeeded'}");
    assertThat(world.steps()).containsExactly("succeeded data-web-1=uid-data-web-1");
  }

  // What users ask for.

  @ParameterizedTest
  @CsvSource({"retry, Retrying", "skip, Skipped", "cancel, Held"})
  void doesWhatAUserAsksForUnderALock(String request, String state) {
    World world =
        new World(1, 0, 1)
            .record(1, State.Held, "CleanupFailed", "", request)
            .cleanup(1, "", FAILED);

    assertThat(world.plan().steps().stream().map(World::words))
        .containsExactly("note 1 " + state, "clear request", "delete pod web-1");
  }

  @Test
  void deletesWhatWasCondemnedBeforeTheProcessEnded() {
    World world =
        new World(1, 0, 1)
            .record(1, State.Held, "Stopped", "'podUid': 'pod-1'")
            .cleanup(1, "", RUNS);

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
    World world = new World(1, 0, 1).annotate(Names.TEMPLATE, null).cleanup(1, "", RUNS);

    assertThat(world.steps()).containsExactly("delete pod web-1");
    assertThat(world.state(1)).isEqualTo("Cancelled");
  }

  // A second look writes nothing.

  @Test
  void writesNothingTwice() {
    World world = new World(1, 0, 1).cleanup(1, "", RUNS);
    Step.Note note = (Step.Note) world.plan().steps().getFirst();
    ObjectNode record =
        World.object(
            "{'metadata': {'name': 'web-1', 'namespace': 'ns', 'uid': 'r', 'generation': 1}, 'spec': {'statefulSet': 'web', 'statefulSetUid': 'uid-web', 'ordinal': 1}}");
    record.set("status", World.JSON.valueToTree(note.status()));
    world.records.add(World.JSON.treeToValue(record, dev.ebb.cleanup.api.ScaleDownCleanup.class));

    assertThat(world.plan().steps()).isEmpty();
  }

  @Test
  void waitsForARefusedTemplateUntilItIsAnother() {
    World world = new World(1, 0, 1);
    Step.Note note = (Step.Note) Planner.refused(world.observed(), 1, "no image").orElseThrow();
    ObjectNode record =
        World.object(
            "{'metadata': {'name': 'web-1', 'namespace': 'ns', 'uid': 'r', 'generation': 1}, 'spec': {'statefulSet': 'web', 'statefulSetUid': 'uid-web', 'ordinal': 1}}");
    record.set("status", World.JSON.valueToTree(note.status()));
    world.records.add(World.JSON.treeToValue(record, dev.ebb.cleanup.api.ScaleDownCleanup.class));

    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.annotate(Names.TEMPLATE, World.TEMPLATE.replace("\"x\"", "\"y\"")).steps())
        .containsExactly("create 1");
  }

  @Test
  void dropsWhatIsKnownOfASetThatIsGone() {
    World world = new World(1).record(1, State.Done, "x", "").cleanup(1, "Running");
    Observed observed = world.observed();
    Observed without =
        new Observed(
            observed.key(),
            null,
            List.of(),
            observed.pods(),
            List.of(),
            observed.records(),
            Optional.empty(),
            null,
            World.NOW);

    assertThat(Planner.plan(without).steps().stream().map(World::words))
        .containsExactly("delete pod web-1", "drop record");
  }
}
