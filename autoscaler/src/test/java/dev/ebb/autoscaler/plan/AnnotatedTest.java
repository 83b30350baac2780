package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static dev.ebb.autoscaler.plan.World.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.autoscaler.plan.Annotated.Want;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotatedTest {

  private static final ScaleTarget BAR =
      new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "bar"));

  private static Meta workload(String annotation, Instant deleted) {
    Map<String, String> annotations =
        annotation == null ? Map.of() : Map.of(Workload.SCALE_TO_ZERO_ANNOTATION, annotation);
    return new Meta(
        "shop", "ns", "uid-of-shop", "1", 1, NOW, deleted, Map.of(), annotations, null, null);
  }

  private static ScaledResource resource(
      String name, ScaleTarget target, boolean made, String ownerUid, boolean deleting) {
    return World.other(
        new Meta(
            name,
            "ns",
            "uid-of-" + name,
            "1",
            1,
            NOW,
            deleting ? NOW : null,
            made ? Map.of(Annotated.LABEL, Annotated.BY_ANNOTATION) : Map.of(),
            Map.of(),
            null,
            ownerUid == null
                ? List.of()
                : List.of(new Meta.Owner("apps/v1", "Deployment", "shop", ownerUid, true))),
        target);
  }

  private static ScaledResource own() {
    return resource("shop-deployment", TARGET, true, "uid-of-shop", false);
  }

  private static ScaledResource explicit(String name, ScaleTarget target) {
    return resource(name, target, false, null, false);
  }

  @Test
  void theAnnotationWantsAResource() {
    assertThat(Annotated.want(workload("10m", null), TARGET, List.of()))
        .isEqualTo(new Want.Resource("10m"));
  }

  @Test
  void itsOwnResourceDoesNotStandInItsWay() {
    assertThat(Annotated.want(workload("1h30m", null), TARGET, List.of(own())))
        .isEqualTo(new Want.Resource("1h30m"));
  }

  @Test
  void withoutAnnotationOrWorkloadThereShouldBeNone() {
    assertThat(Annotated.want(workload(null, null), TARGET, List.of(own())))
        .isEqualTo(new Want.Nothing());
    assertThat(Annotated.want(workload("10m", NOW), TARGET, List.of(own())))
        .isEqualTo(new Want.Nothing());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "true", "10", "0s", "0m", "-5m", "1d", "10 m"})
  void aWrongAnnotationIsToldAndChangesNothing(String text) {
    assertThat(Annotated.want(workload(text, null), TARGET, List.of(own())))
        .isInstanceOfSatisfying(
            Want.Invalid.class,
            invalid ->
                assertThat(invalid.message())
                    .contains("annotation ebb.dev/scale-to-zero: \"" + text + "\"")
                    .contains("write for example \"10m\""));
  }

  @Test
  void anExplicitResourceForTheSameTargetWins() {
    List<ScaledResource> present = List.of(own(), explicit("mine", TARGET), explicit("b", BAR));

    assertThat(Annotated.want(workload("10m", null), TARGET, present))
        .isInstanceOfSatisfying(
            Want.Explicit.class,
            explicit -> {
              assertThat(explicit.resource()).isEqualTo("mine");
              assertThat(explicit.message())
                  .contains("ScaledResource mine")
                  .contains("ebb.dev/scale-to-zero")
                  .contains("remove one of them");
            });
  }

  @Test
  void aNameThatSomebodyElseTookIsNotTakenOver() {
    assertThat(
            Annotated.want(
                workload("10m", null), TARGET, List.of(explicit("shop-deployment", BAR))))
        .isInstanceOf(Want.Explicit.class);
  }

  @Test
  void theFirstByNameIsTold() {
    List<ScaledResource> present = List.of(explicit("z", TARGET), explicit("a", TARGET));

    assertThat(Annotated.want(workload("10m", null), TARGET, present))
        .isInstanceOfSatisfying(Want.Explicit.class, e -> assertThat(e.resource()).isEqualTo("a"));
  }

  @Test
  void anExplicitResourceThatIsGoingAwayDoesNotWin() {
    List<ScaledResource> present = List.of(resource("mine", TARGET, false, null, true));

    assertThat(Annotated.want(workload("10m", null), TARGET, present))
        .isEqualTo(new Want.Resource("10m"));
  }

  @ParameterizedTest(name = "made {0}, owner {1}: {2}")
  @CsvSource({
    "true,uid-of-shop,true",
    "true,uid-of-its-predecessor,false",
    "true,,false",
    "false,uid-of-shop,false"
  })
  void aResourceIsMadeForExactlyOneWorkload(boolean made, String owner, boolean own) {
    ScaledResource resource = resource("shop-deployment", TARGET, made, owner, false);

    assertThat(Annotated.madeFor(resource, workload("10m", null))).isEqualTo(own);
    assertThat(Annotated.made(resource)).isEqualTo(made);
  }

  @ParameterizedTest
  @CsvSource({"Deployment,shop-deployment", "StatefulSet,shop-statefulset"})
  void theNameTellsWorkloadAndKind(String kind, String name) {
    assertThat(Annotated.name("shop", kind)).isEqualTo(name);
  }
}
