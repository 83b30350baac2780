package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.kube.Meta;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The suite of statefulset-scaledown-controller, test by test under its names. Where it holds the
 * controller to a defect, the outcome is the right one, and the test says so.
 */
class UpstreamSuiteTest {

  private static ObjectNode pod(World world, int ordinal) {
    StatefulSet set = world.read();
    Policy policy = AnnotatedPolicy.of(set);
    return CleanupPod.of(
        set, policy, Template.read(String.valueOf(policy.template()), set), ordinal, world.claims);
  }

  private static List<String> volumes(JsonNode pod) {
    return pod.path("spec")
        .path("volumes")
        .valueStream()
        .map(v ->
            v.path("name").asString("")
                + "="
                + v.path("persistentVolumeClaim").path("claimName").asString(""))
        .toList();
  }

  private static World twoTemplates(int replicas, int... ordinals) {
    World world = new World(replicas, ordinals);
    world
        .spec()
        .withArrayProperty("volumeClaimTemplates")
        .addObject()
        .putObject("metadata")
        .put("name", "other");
    return world;
  }

  @Test
  void testIgnoresStatefulSetsWithoutVolumeClaimTemplates() {
    World world = new World(1, 0, 1);
    world.spec().withArrayProperty("volumeClaimTemplates").removeAll();

    assertThat(world.plan().steps()).isEmpty();
  }

  @Test
  void testIgnoresStatefulSetsWithoutCleanupPodTemplate() {
    assertThat(new World(1, 0, 1).annotate(Names.TEMPLATE, null).plan().steps()).isEmpty();
  }

  @Test
  void testNonJsonPodTemplate() {
    World world = new World(1, 0, 1).annotate(Names.TEMPLATE, "{bad json");

    assertThat(world.steps()).isEmpty();
    assertThat(world.findings()).containsExactly("InvalidTemplate");
    assertThat(world.state(1)).isEqualTo("Blocked");
  }

  @Test
  void testInvalidPodTemplateJson() {
    World world = new World(1, 0, 1).annotate(Names.TEMPLATE, "{\"spec\":{\"containers\":{}}}");

    assertThat(world.steps()).isEmpty();
    assertThat(world.findings()).containsExactly("InvalidTemplate");
  }

  /** Switched off there, for it failed. */
  @Test
  void testNonPodTemplateJson() {
    World world = new World(1, 0, 1).annotate(Names.TEMPLATE, "{\"foo\":\"bar\"}");

    assertThat(world.steps()).isEmpty();
    assertThat(world.findings()).containsExactly("InvalidTemplate");
  }

  @Test
  void testDoesNothingWhenPvcsMatchReplicaCount() {
    assertThat(new World(2, 0, 1).plan().steps()).isEmpty();
  }

  @Test
  void testCreatesPodOnScaleDown() {
    World world = new World(1, 0, 1);

    assertThat(world.steps()).containsExactly("create 1");
    ObjectNode pod = pod(world, 1);
    assertThat(pod.path("metadata").path("name").asString("")).isEqualTo("web-1");
    assertThat(pod.path("metadata").path("namespace").asString("")).isEqualTo("ns");
    assertThat(pod.path("metadata").path("labels").path(Names.LABEL).asString(""))
        .isEqualTo("web-1");
    assertThat(pod.path("metadata").path("labels").path("job").asString("")).isEqualTo("cleanup");
    assertThat(pod.path("metadata").path("annotations").path(Names.OWNER).asString(""))
        .isEqualTo("web");
    assertThat(pod.path("spec").path("restartPolicy").asString("")).isEqualTo("OnFailure");
    assertThat(volumes(pod)).containsExactly("data=data-web-1");
  }

  @Test
  void testDoesNotCreatePodOnScaleDownWhenPodAlreadyExists() {
    assertThat(new World(1, 0, 1).cleanup(1, "Running").steps()).isEmpty();
  }

  @Test
  void testCreatesPodOnScaleDownToZero() {
    assertThat(new World(0, 0).steps()).containsExactly("create 0");
  }

  @Test
  void testCreatesOnlyHighestOrdinalPodWhenPodManagementPolicyIsOrderedReady() {
    assertThat(new World(1, 0, 1, 2).steps()).containsExactly("create 2");
  }

  @Test
  void testCreatesMultiplePodsWhenPodManagementPolicyIsParallel() {
    assertThat(new World(1, 0, 1, 2).parallel().steps()).containsExactly("create 2", "create 1");
  }

  /** What is new: the success is written down first. */
  @Test
  void testDeletesPodAndClaimOnSuccessfulCompletion() {
    assertThat(new World(1, 0, 1).cleanup(1, "Succeeded").steps())
        .containsExactly("succeeded data-web-1=uid-data-web-1");
    assertThat(new World(1, 0, 1).cleanup(1, World.succeeded(1), "{'phase': 'Succeeded'}").steps())
        .containsExactly("delete claim data-web-1", "delete pod web-1");
  }

  @Test
  void testMultipleVolumeClaimTemplates() {
    World world = twoTemplates(1, 0, 1).claim("other-web-1");

    assertThat(world.steps()).containsExactly("create 1");
    assertThat(volumes(pod(world, 1))).containsExactly("data=data-web-1", "other=other-web-1");
    world.cleanup(
        1,
        "'%s': 'data-web-1=uid-data-web-1,other-web-1=uid-other-web-1'".formatted(Names.SUCCEEDED),
        "{'phase': 'Succeeded'}");
    assertThat(world.steps())
        .containsExactly("delete claim data-web-1", "delete claim other-web-1", "delete pod web-1");
  }

  @Test
  void testMultipleVolumeClaimTemplatesWithOnePvcMissing() {
    World world = twoTemplates(1, 0, 1);

    assertThat(world.steps()).containsExactly("create 1");
    assertThat(volumes(pod(world, 1))).containsExactly("data=data-web-1", "other=other-web-1");
  }

  @Test
  void testCreatesPodOnStatefulSetDelete() {
    World world =
        new World(2, 0, 1, 2).setting("on-delete", "clean").finalizer(Names.FINALIZER).deleted();

    assertThat(world.steps()).containsExactly("create 2");
  }

  @Test
  void testAddsFinalizer() {
    assertThat(new World(1).setting("on-delete", "clean").plan().steps())
        .containsExactly(new Step.AddFinalizer());
  }

  @Test
  void testRemovesFinalizerWhenFinished() {
    World world = new World(1).setting("on-delete", "clean").finalizer(Names.FINALIZER).deleted();

    assertThat(world.plan().steps()).containsExactly(new Step.RemoveFinalizer(true, Set.of()));
  }

  // pod_test.go

  private static Meta meta(Map<String, String> annotations) {
    return new Meta(
        "web-1", "ns", "u", "1", 0, null, null, Map.of(), annotations, List.of(), List.of());
  }

  @Test
  void testIsCleanupPod() {
    assertThat(Lock.of(null, "web")).isEmpty();
    assertThat(Lock.owner(meta(Map.of()))).isEmpty();
    assertThat(Lock.owner(meta(Map.of(Names.OWNER, "web")))).hasValue("web");
    assertThat(Lock.owner(meta(Map.of(Names.OLD_OWNER, "web")))).hasValue("web");
  }

  @Test
  void testGetPodName() {
    StatefulSet foo = World.JSON.treeToValue(World.set("foo", "data"), StatefulSet.class);

    assertThat(foo.podName(0)).isEqualTo("foo-0");
    assertThat(foo.podName(1)).isEqualTo("foo-1");
  }

  @Test
  void testNewPodWithoutLabels() {
    World world =
        new World(1, 1)
            .annotate(
                Names.TEMPLATE,
                "{\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"x\"}]}}");

    assertThat(pod(world, 1).path("metadata").path("labels").path(Names.LABEL).asString(""))
        .isEqualTo("web-1");
  }

  /** Never is allowed here: the pod ends, and its failure is told. */
  @ParameterizedTest
  @CsvSource({"Always, false", "OnFailure, true", "Never, true"})
  void testNewPodRestartPolicy(String policy, boolean allowed) {
    Template template =
        Template.read(
            World.TEMPLATE.replace("\"spec\":{", "\"spec\":{\"restartPolicy\":\"" + policy + "\","),
            new World(1).read());

    assertThat(template.problem() == null).isEqualTo(allowed);
  }

  // pvc_test.go

  @ParameterizedTest
  @CsvSource({
    "volume, foo, 0, volume-foo-0",
    "other, foo, 1, other-foo-1",
    "volume, bar, 1, volume-bar-1"
  })
  void testGetPvcName(String template, String set, int ordinal, String name) {
    assertThat(OrdinalName.claim(template, set, ordinal)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "volume-statefulset-0, volume-statefulset",
    "volume-statefulset-1, volume-statefulset",
    "other-sts-1, other-sts",
    "my-volume-my-sts-0, my-volume-my-sts",
    "pvc-0, pvc",
    "my-pvc, ''",
    "my-own-pvc, ''",
    "mypvc, ''"
  })
  void testExtractNameAndOrdinal(String claim, String name) {
    assertThat(OrdinalName.withoutOrdinal(claim)).isEqualTo(name);
  }

  @Test
  void testFilterAndGroupClaimsByOrdinal() {
    World world =
        twoTemplates(0, 0, 1, 2).parallel().claim("other-web-0").terminating("data-web-2");
    world.claim("third-web-4").claim("data-wob-5").claim("web-6").claim("data-web-x");

    assertThat(world.steps()).containsExactly("create 1", "create 0");
  }

  @Test
  void podsAreReadAsTheApiServerSaysThem() {
    SetPod pod = World.JSON.treeToValue(World.object("{'metadata': {'name': 'a'}}"), SetPod.class);

    assertThat(pod.started()).isFalse();
    assertThat(pod.ready()).isFalse();
  }
}
