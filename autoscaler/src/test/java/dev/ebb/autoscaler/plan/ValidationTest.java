package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static dev.ebb.autoscaler.plan.World.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.autoscaler.plan.Problem.Weight;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Path;
import dev.ebb.runtime.model.ScaledResource.TargetRef;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake is a condition that names the field and the remedy. */
class ValidationTest {

  private final World world = new World();

  private static Arguments mistake(
      String condition, String reason, Weight weight, Consumer<World> change, String... says) {
    return arguments(condition, reason, weight, change, List.of(says));
  }

  private static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            ConditionTypes.VALID,
            "InvalidDuration",
            Weight.REFUSED,
            w -> w.withIdleAfter("1d"),
            "spec.idleAfter: \"1d\"",
            "write for example \"10m\""),
        mistake(
            ConditionTypes.VALID,
            "InvalidDuration",
            Weight.REFUSED,
            w -> w.withIdleAfter("0s"),
            "spec.idleAfter: \"0s\"",
            "longer than zero"),
        mistake(
            ConditionTypes.VALID,
            "InvalidDuration",
            Weight.REFUSED,
            w -> w.withWakeTimeout("-5m"),
            "spec.wakeTimeout: \"-5m\"",
            "write for example \"5m\""),
        mistake(
            ConditionTypes.VALID,
            "PathNotSupported",
            Weight.REFUSED,
            w -> w.withPath(Path.WhileAsleep),
            "spec.path: WhileAsleep",
            "use Always"),
        mistake(
            ConditionTypes.VALID,
            "PathNotSupported",
            Weight.REFUSED,
            w -> w.withPath(Path.Selector),
            "spec.path: Selector",
            "use Always"),
        mistake(
            ConditionTypes.VALID,
            "MinAboveZero",
            Weight.STAYS_UP,
            w -> w.withReplicas(2, null, null),
            "spec.replicas.min: 2",
            "set it to 0"),
        mistake(
            ConditionTypes.VALID,
            "SourceNotSupported",
            Weight.STAYS_UP,
            World::withSource,
            "spec.sources",
            "remove them"),
        mistake(
            ConditionTypes.TARGET,
            "InvalidTargetRef",
            Weight.REFUSED,
            w -> w.withTargetRef(null),
            "spec.targetRef",
            "apiVersion, kind and name"),
        mistake(
            ConditionTypes.TARGET,
            "InvalidTargetRef",
            Weight.REFUSED,
            w -> w.withTargetRef(new TargetRef("apps/v1", " ", "shop")),
            "spec.targetRef"),
        mistake(
            ConditionTypes.TARGET,
            "TargetNotFound",
            Weight.REFUSED,
            World::withMissingTarget,
            "spec.targetRef",
            "create it"),
        mistake(
            ConditionTypes.TARGET,
            "TargetForbidden",
            Weight.STAYS_UP,
            World::withUnreadableTarget,
            "spec.targetRef: cannot read it"),
        mistake(
            ConditionTypes.TARGET,
            "TargetConflict",
            Weight.REFUSED,
            w -> w.withOther(World.other("older", Instant.EPOCH, TARGET)),
            "spec.targetRef",
            "ScaledResource older",
            "Deployment ns/shop",
            "delete one of them"));
  }

  @ParameterizedTest(name = "{1} {4}")
  @MethodSource("mistakes")
  void namesTheFieldAndTheRemedy(
      String condition, String reason, Weight weight, Consumer<World> change, List<String> says) {
    change.accept(world);

    Plan plan = world.plan();

    assertThat(plan.problems())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.condition()).isEqualTo(condition);
          assertThat(p.reason()).isEqualTo(reason);
          assertThat(p.weight()).isEqualTo(weight);
          assertThat(p.message()).contains(says);
        });
    assertThat(plan.status().condition(condition).orElseThrow())
        .satisfies(c -> {
          assertThat(c.status()).isEqualTo("False");
          assertThat(c.reason()).isEqualTo(reason);
          assertThat(c.message()).contains(says);
        });
    assertThat(plan.status().message()).contains(says);
    assertThat(plan.sleeps()).isFalse();
  }

  @Test
  void tellsAllMistakesAtOnceAndTheGravestFirst() {
    world.withSource().withReplicas(1, null, null).withIdleAfter("x").withWakeTimeout("y");

    var valid = world.plan().status().condition(ConditionTypes.VALID).orElseThrow();

    assertThat(valid.reason()).isEqualTo("InvalidDuration");
    assertThat(valid.message())
        .contains("spec.idleAfter", "spec.wakeTimeout", "spec.replicas.min", "spec.sources");
    assertThat(world.plan().status().condition(ConditionTypes.READY).orElseThrow().reason())
        .isEqualTo("InvalidDuration");
  }

  @Test
  void aMessageFitsIntoACondition() {
    world.withServicesNamed(
        Stream.iterate(0, i -> i < 64, i -> i + 1).map(i -> "missing-" + i).toArray(String[]::new));

    assertThat(world.plan().status().conditions())
        .allSatisfy(c -> assertThat(c.message()).hasSizeLessThanOrEqualTo(1024));
  }

  @Test
  void whatIsNotSaidHasItsDefault() {
    world.withIdleAfter(null).withWakeTimeout(null).withPath(null).withMode(null);

    Plan plan = world.plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.gates())
        .filteredOn(gate -> gate.name().equals("Idle"))
        .extracting(Gate::detail)
        .first()
        .asString()
        .endsWith("sleeps after 10m");
    assertThat(world.withReplicas(null, null, null).plan().sleeps()).isTrue();
    assertThat(world.withReplicas(0, null, null).plan().sleeps()).isTrue();
  }

  // Who wins a target.

  private static Meta meta(String name, Instant created, boolean annotated, boolean deleting) {
    return new Meta(
        name,
        "ns",
        "uid-of-" + name,
        "1",
        1,
        created,
        deleting ? NOW : null,
        annotated ? Map.of(Annotated.LABEL, Annotated.BY_ANNOTATION) : Map.of(),
        Map.of(),
        List.of(),
        List.of());
  }

  @ParameterizedTest(name = "{0}, {1} s older, by annotation {2}, deleting {3}: wins {4}")
  @CsvSource({
    "other,1,false,false,true",
    "other,-1,false,false,false",
    "other,1,true,false,false",
    "other,1,false,true,false",
    "a,0,false,false,true",
    "z,0,false,false,false",
    "other,,false,false,false"
  })
  void explicitBeforeAnnotatedThenTheOlderThenTheName(
      String name, Integer older, boolean annotated, boolean deleting, boolean wins) {
    Instant created = older == null ? null : NOW.minusSeconds(older);
    world.withCreated(NOW);

    world.withOther(World.other(meta(name, created, annotated, deleting), TARGET));

    assertThat(world.plan().problems().stream().map(Problem::reason).toList())
        .isEqualTo(wins ? List.of("TargetConflict") : List.of());
  }

  @Test
  void theWinnerOfSeveralIsNamed() {
    world.withOther(World.other("second", Instant.EPOCH.plusSeconds(1), TARGET));
    world.withOther(World.other("first", Instant.EPOCH, TARGET));

    assertThat(world.plan().problems().getFirst().message()).contains("ScaledResource first");
  }

  @ParameterizedTest
  @CsvSource({
    "apps/v1,StatefulSet,shop",
    "apps/v1,Deployment,bar",
    "example.com/v1,Deployment,shop"
  })
  void anotherTargetIsNoConflict(String apiVersion, String kind, String name) {
    ScaleTarget target = new ScaleTarget(apiVersion, kind, new ResourceKey("ns", name));

    world.withOther(World.other("older", Instant.EPOCH, target));

    assertThat(world.plan().sleeps()).isTrue();
  }

  @Test
  void exactlyOneOfSeveralWins() {
    List<ScaledResource> rivals =
        List.of(
            World.other(meta("a", NOW, false, false), TARGET),
            World.other(meta("b", NOW.minusSeconds(1), true, false), TARGET),
            World.other(meta("c", NOW, false, false), TARGET),
            World.other(meta("d", null, false, false), TARGET));

    long winners =
        rivals.stream()
            .filter(own ->
                !Validation.check(
                        new Observed(
                            own,
                            world.observed().target(),
                            List.of(),
                            List.of(),
                            rivals.stream().filter(r -> !r.equals(own)).toList(),
                            List.of(),
                            List.of(),
                            world.gateway(),
                            world.observed().activity(),
                            Optional.empty(),
                            NOW))
                    .loses())
            .count();

    assertThat(winners).isEqualTo(1);
  }
}
