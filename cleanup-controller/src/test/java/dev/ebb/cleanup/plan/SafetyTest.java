package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** Each rule of safety alone keeps a write from being sent. */
class SafetyTest {

  private static final String DONE = "{'phase': 'Succeeded'}";

  /** What is wrong in the moment of a claim's deletion. */
  enum Wrong {
    WANTED(w -> w.spec().put("replicas", 2), "wanted"),
    CONTROLLER_BEHIND(w -> ((ObjectNode) w.set.path("metadata")).put("generation", 2), "not seen"),
    SET_MADE_ANEW(w -> ((ObjectNode) w.set.path("metadata")).put("uid", "other"), "gone"),
    NO_LOCK(w -> w.pods.clear(), "not locked"),
    LOCK_OF_THE_SET_ITSELF(w -> w.regular(1, true), "not locked"),
    LOCK_GOES(
        w ->
            w.pod(
                1,
                "'deletionTimestamp': '2026-03-10T11:59:59Z', 'annotations': {'%s': 'web', %s}"
                    .formatted(Names.OWNER, World.succeeded(1)),
                DONE),
        "not locked"),
    LOCK_OF_AN_OLDER_SET(
        w ->
            w.pod(
                1,
                "'annotations': {'%s': 'web', '%s': 'gone', %s}"
                    .formatted(Names.OWNER, Names.SET_UID, World.succeeded(1)),
                DONE),
        "not locked"),
    NO_RECORD(w -> w.cleanup(1, "Succeeded"), "no success"),
    RECORD_OF_ANOTHER_CLAIM(
        w -> w.cleanup(1, "'%s': 'data-web-1=another'".formatted(Names.SUCCEEDED), DONE),
        "no success"),
    CLAIM_MADE_ANEW(w -> w.claim("data-web-1", "new", "'labels': {'app': 'web'}"), "another"),
    CLAIM_GONE(w -> w.claims.clear(), "another"),
    OBSERVED_ONLY(w -> w.annotate("ebb.dev/mode", "Observe"), "mode is Observe"),
    POLICY_KEEPS_CLAIMS(w -> w.policy("p", "'claims': 'Keep'"), "stay"),
    POLICY_PAUSES(w -> w.policy("p", "'mode': 'Paused'"), "mode is Paused"),
    CLAIMS_ARE_KEPT(w -> w.setting("claims", "keep"), "stay"),
    NO_TEMPLATE_ANY_MORE(w -> w.annotate(Names.TEMPLATE, null), "stay"),
    LABELS_CHANGED(
        w -> w.claim("data-web-1", "uid-data-web-1", "'labels': {'app': 'x'}"), "labels");

    private final Consumer<World> change;
    private final String why;

    Wrong(Consumer<World> change, String why) {
      this.change = change;
      this.why = why;
    }
  }

  private static World right() {
    return new World(1, 0, 1).cleanup(1, World.succeeded(1), DONE);
  }

  private static Optional<String> delete(World seen, World now) {
    Claim meant =
        seen.claims.stream()
            .filter(c -> c.metadata().name().equals("data-web-1"))
            .findFirst()
            .orElseThrow();
    Claim claim =
        now.claims.stream()
            .filter(c -> c.metadata().name().equals("data-web-1"))
            .findFirst()
            .orElse(null);
    SetPod pod = now.pods.isEmpty() ? null : now.pods.getFirst();
    List<StatefulSet> all = new ArrayList<>(now.others);
    all.add(now.read());
    return Safety.delete(
        new Safety.Live(seen.read(), now.read(), all, now.policies), 1, pod, claim, meant);
  }

  @Test
  void deletesAClaimAfterARecordedSuccess() {
    assertThat(delete(right(), right())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void deletesNoClaimWhen(Wrong wrong) {
    World now = right();
    wrong.change.accept(now);

    assertThat(delete(right(), now)).hasValueSatisfying(why -> assertThat(why).contains(wrong.why));
  }

  @Test
  void deletesTheClaimOfAWantedOrdinalOnlyWhereToldSo() {
    World now = right().setting("on-return", "renew");
    now.spec().put("replicas", 2);

    assertThat(delete(right(), now)).isEmpty();
  }

  @Test
  void deletesNoClaimThatAnotherSetMayHaveMade() {
    World world = new World(1);
    ((ObjectNode) world.spec().path("volumeClaimTemplates").path(0).path("metadata"))
        .put("name", "a-b");
    world
        .claim("a-b-web-1")
        .cleanup(1, "'%s': 'a-b-web-1=uid-a-b-web-1'".formatted(Names.SUCCEEDED), DONE);
    StatefulSet own = world.read();
    StatefulSet other = World.JSON.treeToValue(World.set("b-web", "a"), StatefulSet.class);
    Claim claim = world.claims.getFirst();
    SetPod pod = world.pods.getFirst();

    assertThat(
            Safety.delete(new Safety.Live(own, own, List.of(own), List.of()), 1, pod, claim, claim))
        .isEmpty();
    assertThat(
            Safety.delete(
                new Safety.Live(own, own, List.of(own, other), List.of()), 1, pod, claim, claim))
        .hasValueSatisfying(why -> assertThat(why).contains("claims of the same name"));
  }

  // Starting.

  private static Optional<String> start(World seen, World now) {
    List<StatefulSet> all = new ArrayList<>(now.others);
    all.add(now.read());
    List<Claim> claims =
        now.claims.stream().filter(c -> c.metadata().name().endsWith("-1")).toList();
    return Safety.start(
        new Safety.Live(seen.read(), now.read(), all, now.policies),
        now.pods.isEmpty() ? null : now.pods.getFirst(),
        claims,
        new Step.CreatePod(
            1,
            Map.of("data-web-1", "uid-data-web-1"),
            Template.idOf(String.valueOf(Policies.of(seen.read(), seen.policies).template()))));
  }

  @Test
  void beginsWhatIsStillSo() {
    assertThat(start(new World(1, 0, 1), new World(1, 0, 1))).isEmpty();
  }

  @Test
  void beginsNothingThatIsNoLongerSo() {
    World seen = new World(1, 0, 1);

    assertThat(start(seen, new World(2, 0, 1))).hasValue("the ordinal is wanted again");
    assertThat(start(seen, new World(1, 0, 1).regular(1, true)))
        .hasValue("there is a pod of that name");
    assertThat(start(seen, new World(1, 0))).hasValue("the claims have changed");
    assertThat(start(seen, new World(1, 0).claim("data-web-1", "new", "'labels': {'app': 'web'}")))
        .hasValue("the claims have changed");
    assertThat(start(seen, new World(1, 0).terminating("data-web-1")))
        .hasValue("the claims have changed");
    assertThat(start(seen, new World(1, 0, 1).annotate(Names.TEMPLATE, "other")))
        .hasValue("the template has changed");
    World retention = new World(1, 0, 1);
    retention.spec().putObject("persistentVolumeClaimRetentionPolicy").put("whenScaled", "Delete");
    assertThat(start(seen, retention)).hasValue("Kubernetes itself deletes the claims");
  }

  /** Found by a history: a pod whose making was never answered is in no cache. */
  @Test
  void beginsNoMoreThanAllowedAtOnce() {
    StatefulSet ordered = new World(1).read();
    StatefulSet two = new World(1).parallel().setting("max-parallel", "2").read();

    assertThat(Safety.turn(new Safety.Live(ordered, ordered, List.of(ordered), List.of()), 0))
        .isEmpty();
    assertThat(Safety.turn(new Safety.Live(ordered, ordered, List.of(ordered), List.of()), 1))
        .isPresent();
    assertThat(Safety.turn(new Safety.Live(two, two, List.of(two), List.of()), 1)).isEmpty();
    assertThat(Safety.turn(new Safety.Live(two, two, List.of(two), List.of()), 2)).isPresent();
  }

  // Letting go.

  @Test
  void letsNoSetGoThatHasSomethingLeft() {
    World world = new World(1, 0).deleted();

    assertThat(Safety.letGo(world.read(), world.claims, List.of(), Set.of())).isPresent();
    assertThat(Safety.letGo(world.read(), world.claims, List.of(), Set.of("uid-data-web-0")))
        .isEmpty();
    assertThat(Safety.letGo(world.read(), List.of(), world.regular(0, true).pods, Set.of()))
        .isPresent();
    assertThat(Safety.letGo(world.read(), List.of(), List.of(), Set.of())).isEmpty();
  }
}
