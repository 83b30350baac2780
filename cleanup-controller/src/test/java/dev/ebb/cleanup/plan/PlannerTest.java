package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.StatefulSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The predecessor's defects (D) and the acceptance cases (T), as tables over decisions. */
class PlannerTest {

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
                "'labels': {'app': 'web'}, 'ownerReferences': [{'kind': 'Pod', 'name': 'web-1',"
                    + " 'uid': 'old', 'controller': true}]");

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
                "'ownerReferences': [{'kind': 'StatefulSet', 'name': 'web', 'uid': 'uid-web',"
                    + " 'controller': true}]");

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
    assertThat(new World(1, 0, 1, 2).cleanup(1, "", World.RUNS).steps()).isEmpty();
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
    assertThat(world.cleanup(1, "", World.RUNS).steps()).containsExactly("create 4");
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
    assertThat(new World(1, 0).cleanup(1, "", World.NEVER_RAN).steps())
        .containsExactly("delete pod web-1");
    assertThat(new World(1, 0).terminating("data-web-1").cleanup(1, "", World.NEVER_RAN).steps())
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

    assertThat(world.cleanup(1, "", World.NEVER_RAN).steps()).containsExactly("delete pod web-1");
    world.pods.clear();
    assertThat(world.steps()).isEmpty();
    assertThat(world.state(1)).isEqualTo("Waiting");
  }

  // T21

  @Test
  void completesBesideASidecarThatNeverEnds() {
    String status =
        "{'phase': 'Running', 'containerStatuses': [{'name': 'main', 'state': {'terminated':"
            + " {'exitCode': 0}}}, {'name': 'istio-proxy', 'state': {'running': {}}}]}";

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

  // A second look writes nothing.

  @Test
  void writesNothingTwice() {
    World world = new World(1, 0, 1).cleanup(1, "", World.RUNS);
    Step.Note note = (Step.Note) world.plan().steps().getFirst();
    ObjectNode record =
        World.object(
            "{'metadata': {'name': 'web-1', 'namespace': 'ns', 'uid': 'r', 'generation': 1},"
                + " 'spec': {'statefulSet': 'web', 'statefulSetUid': 'uid-web', 'ordinal': 1}}");
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
            "{'metadata': {'name': 'web-1', 'namespace': 'ns', 'uid': 'r', 'generation': 1},"
                + " 'spec': {'statefulSet': 'web', 'statefulSetUid': 'uid-web', 'ordinal': 1}}");
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
            List.of(),
            Optional.empty(),
            null,
            World.NOW);

    assertThat(Planner.plan(without).steps().stream().map(World::words))
        .containsExactly("delete pod web-1", "drop record");
  }
}
