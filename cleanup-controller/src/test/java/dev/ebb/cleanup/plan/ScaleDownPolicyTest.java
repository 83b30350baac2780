package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.ScaleDownPolicy.State;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a ScaleDownPolicy says, what becomes of it, and what its user reads on it. */
class ScaleDownPolicyTest {

  private static final String TEMPLATE =
      "'template': {'spec': {'containers': [{'name': 'drain', 'image': 'y'}, {'name': 'proxy',"
          + " 'image': 'z'}]}}";

  private static World world(int replicas, String more, int... ordinals) {
    World world = new World(replicas, ordinals).annotate(Names.TEMPLATE, null);
    return world.policy("p", more.isEmpty() ? TEMPLATE : TEMPLATE + ", " + more);
  }

  private static Policy read(World world) {
    return Policies.of(world.read(), world.policies);
  }

  private static Optional<ScaleDownPolicy.Status> status(World world, String name) {
    return world.plan().reports().stream()
        .map(Step.Report.class::cast)
        .filter(r -> r.policy().metadata().name().equals(name))
        .map(Step.Report::status)
        .findFirst();
  }

  private static String ready(World world) {
    Condition ready = status(world, "p").orElseThrow().conditions().getFirst();
    return ready.status() + " " + ready.reason();
  }

  // Reading.

  static Stream<Arguments> settings() {
    return Stream.<Arguments>of(
        setting("'mode': 'Observe'", Policy::mode, Mode.Observe),
        setting("'backoffLimit': 2", Policy::backoffLimit, 2),
        setting("'deadline': '90s'", Policy::deadline, Duration.ofSeconds(90)),
        setting("'onFailure': 'Release'", Policy::onFailure, ScaleDownPolicy.OnFailure.Release),
        setting(
            "'retry': {'limit': 2, 'first': '1s', 'longest': '3s'}",
            Policy::retry,
            new Policy.Retry(2, Duration.ofSeconds(1), Duration.ofSeconds(3))),
        setting("'claims': 'Keep'", Policy::keepClaims, true),
        setting("'existing': 'Ignore'", Policy::existing, ScaleDownPolicy.Existing.Ignore),
        setting("'onDelete': 'Clean'", Policy::cleanOnDelete, true),
        setting("'onReturn': 'Renew'", Policy::renew, true),
        setting("'maxParallel': 3", Policy::maxParallel, 3),
        setting("'requireReady': 'All'", Policy::requireReady, ScaleDownPolicy.RequireReady.All),
        setting("'firstOrdinal': 'Clean'", Policy::cleanFirst, true),
        setting("'settle': '30s'", Policy::settle, Duration.ofSeconds(30)),
        setting("'inherit': ['affinity']", Policy::inherit, List.of("affinity")),
        setting("'stableName': false", Policy::stableName, false),
        setting("'mustSucceed': ['drain']", Policy::mustSucceed, List.of("drain")));
  }

  private static Arguments setting(String said, Function<Policy, Object> read, Object value) {
    return Arguments.of(said, read, value);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void readsEachSetting(String said, Function<Policy, Object> read, Object value) {
    Policy policy = read(world(1, said));

    assertThat(read.apply(policy)).isEqualTo(value);
    assertThat(read.apply(read(world(1, "")))).isNotEqualTo(value);
    assertThat(policy.findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "claims, keepClaims=true",
    "mode, mode=Observe",
    "existing, existing=Report",
    "maxParallel, maxParallel=1",
    "requireReady, requireReady=All",
    "onFailure, onFailure=Hold"
  })
  void isCautiousWhereAWordIsNotUnderstood(String field, String expected) {
    Policy policy = read(world(1, "'" + field + "': 'later'"));

    assertThat(policy.toString()).contains(expected);
    assertThat(policy.findings()).extracting(Finding::reason).containsExactly("InvalidPolicy");
  }

  @Test
  void isReadWholeAndNotMixedWithAnnotations() {
    World world = world(1, "").setting("claims", "keep").setting("max-parallel", "1");

    assertThat(read(world).keepClaims()).isFalse();
    assertThat(read(world).findings())
        .extracting(Finding::reason)
        .containsExactly("AnnotationsIgnored");
    assertThat(read(world.annotate("ebb.dev/mode", "Paused")).mode()).isEqualTo(Mode.Paused);
  }

  @Test
  void takesTheTemplateOfTheAnnotationWhereItHasNone() {
    World world = new World(1, 0, 1).policy("p", "'claims': 'Keep'");

    assertThat(world.steps()).containsExactly("create 1");
    assertThat(read(world).keepClaims()).isTrue();
    assertThat(read(world).source()).isEqualTo("annotation " + Names.TEMPLATE);
  }

  // Acting.

  @Test
  void cleansUpByItsTemplate() {
    World world = world(1, "'mustSucceed': ['drain'], 'stableName': false", 0, 1);

    assertThat(world.steps()).containsExactly("create 1");
    ObjectNode pod = pod(world);
    assertThat(pod.path("metadata").path("annotations").path(Names.CONTAINERS).asString(""))
        .isEqualTo("drain");
    assertThat(pod.path("spec").has("hostname")).isFalse();
    assertThat(
            pod.path("spec")
                .path("containers")
                .valueStream()
                .map(c -> c.path("image").asString("")))
        .containsExactly("y", "z");
  }

  private static ObjectNode pod(World world) {
    StatefulSet set = world.read();
    Policy policy = read(world);
    List<Claim> claims = List.of();
    return CleanupPod.of(
        set, policy, Template.read(String.valueOf(policy.template()), set), 1, claims);
  }

  @Test
  void takesOverWhatItsPolicyNames() {
    World world = world(1, "'inherit': ['affinity']");
    ObjectNode template = world.spec().putObject("template").putObject("spec");
    template.putObject("affinity").put("x", "y");
    template.putObject("nodeSelector").put("disk", "fast");

    JsonNode spec = pod(world).path("spec");

    assertThat(spec.path("affinity").path("x").asString("")).isEqualTo("y");
    assertThat(spec.has("nodeSelector")).isFalse();
  }

  /** Nobody is left to hand anything to: only who is told so cleans up the first ordinal. */
  @ParameterizedTest
  @CsvSource({"false, 0", "true, 1"})
  void leavesTheFirstOrdinalUnlessTold(boolean told, int pods) {
    World world = world(0, told ? "'firstOrdinal': 'Clean'" : "", 0);

    assertThat(world.steps()).hasSize(pods);
  }

  @Test
  void leavesTheFirstOrdinalWhereverOrdinalsBegin() {
    World world = world(0, "", 5, 6).parallel();
    world.spec().putObject("ordinals").put("start", 5);

    assertThat(world.steps()).containsExactly("create 6");
  }

  @Test
  void letsTheFirstTryWaitAsLongAsItSays() {
    World world =
        world(1, "'onFailure': 'Retry', 'retry': {'first': '2s', 'longest': '3s'}", 0, 1)
            .cleanup(1, "", World.FAILED);
    Step.Note note = (Step.Note) world.plan().steps().getFirst();

    assertThat(note.status().nextAttemptAt()).isEqualTo(World.NOW.plusSeconds(2));
  }

  @Test
  void refusesATemplateThatTheSetWouldTakeForItsOwn() {
    World world =
        new World(1, 0, 1)
            .policy(
                "p",
                "'template': {'metadata': {'labels': {'app': 'web'}}, 'spec': {'containers':"
                    + " [{'name': 'a', 'image': 'b'}]}}");

    assertThat(world.findings()).containsExactly("InvalidTemplate");
    assertThat(ready(world)).isEqualTo("False InvalidTemplate");
    assertThat(world.state(1)).isEqualTo("Blocked");
  }

  // What its user reads.

  @Test
  void saysWhatGoesOn() {
    World idle = world(2, "", 0, 1);
    assertThat(status(idle, "p").orElseThrow().state()).isEqualTo(State.Idle);
    assertThat(ready(idle)).isEqualTo("True Enforced");

    World cleaning = world(1, "", 0, 1, 2, 3);
    ScaleDownPolicy.Status status = status(cleaning, "p").orElseThrow();
    assertThat(status.state()).isEqualTo(State.Cleaning);
    assertThat(List.of(status.running(), status.waiting(), status.held()))
        .isEqualTo(List.of(1, 2, 0));

    World held = world(1, "", 0, 1).cleanup(1, "", World.FAILED);
    assertThat(status(held, "p").orElseThrow().state()).isEqualTo(State.Held);
    assertThat(ready(held)).isEqualTo("False Held");

    World stopped = world(1, "'mode': 'Observe'", 0, 1);
    assertThat(status(stopped, "p").orElseThrow().state()).isEqualTo(State.Stopped);
    assertThat(ready(stopped)).isEqualTo("True Observing");
    assertThat(stopped.steps()).isEmpty();
  }

  @Test
  void saysWhatIsWrong() {
    World template = new World(1, 0, 1).annotate(Names.TEMPLATE, null).policy("p", "");
    assertThat(ready(template)).isEqualTo("False NoTemplate");

    World retention = world(1, "", 0, 1);
    retention.spec().putObject("persistentVolumeClaimRetentionPolicy").put("whenScaled", "Delete");
    assertThat(ready(retention)).isEqualTo("False RetentionPolicyConflict");

    World claims = world(1, "");
    claims.spec().remove("volumeClaimTemplates");
    assertThat(ready(claims)).isEqualTo("False NoClaims");

    World unread = world(1, "'settle': 'soon'");
    assertThat(ready(unread)).isEqualTo("False InvalidPolicy");

    World predecessor = world(1, "", 0, 1);
    predecessor.predecessor = "host";
    assertThat(ready(predecessor)).isEqualTo("False PredecessorActive");
  }

  @Test
  void theOldestOfTwoCounts() {
    World world = world(1, "'claims': 'Keep'", 0, 1).policy("q", "'claims': 'Delete'");

    assertThat(read(world).keepClaims()).isTrue();
    ScaleDownPolicy.Status other = status(world, "q").orElseThrow();
    assertThat(other.conditions().getFirst().reason()).isEqualTo("Conflict");
    assertThat(other.state()).isEqualTo(State.Stopped);
    assertThat(ready(world)).isEqualTo("True Enforced");
  }

  @Test
  void saysThatThereIsNoSet() {
    World world = world(1, "");
    Observed seen = world.observed();
    Observed without =
        new Observed(
            seen.key(),
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            seen.policies(),
            Optional.empty(),
            null,
            World.NOW);

    Step.Report report = (Step.Report) Planner.plan(without).reports().getFirst();
    assertThat(report.status().conditions().getFirst().reason()).isEqualTo("NoStatefulSet");
  }

  @Test
  void writesNothingTwice() {
    World world = world(1, "", 0);
    ScaleDownPolicy first = world.policies.getFirst();
    ScaleDownPolicy.Status status = status(world, "p").orElseThrow();
    world.policies.set(0, new ScaleDownPolicy(first.metadata(), first.spec(), status));

    assertThat(world.plan().reports()).isEmpty();
  }

  @Test
  void takesTheLockAwayOfWhatIsNoLongerWanted() {
    World world = world(1, "", 0, 1).cleanup(1, "Running");
    world.record(1, ScaleDownCleanup.State.Running, "Running", "");
    assertThat(world.steps()).isEmpty();

    world.policies.clear();

    assertThat(world.steps()).containsExactly("delete pod web-1");
  }
}
