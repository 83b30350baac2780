package dev.ebb.timescaler.plan;

import static dev.ebb.timescaler.plan.Hpas.PODS;
import static dev.ebb.timescaler.plan.Hpas.utilization;
import static dev.ebb.timescaler.plan.Scalers.hpa;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.timeplan.Values;
import dev.ebb.timescaler.api.Hpa;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is done with an HPA: the rows I1 to I17 as far as they are decisions. */
class HpaPlanTest {

  private static final Meta OWNER = Scalers.of(hpa(4, 8)).metadata();
  private static final Values BASELINE = new Values(4, 8, 50, 75);

  private static HpaStep step(@Nullable Hpa hpa, Values inForce) {
    return HpaPlan.step(OWNER, hpa, inForce, BASELINE);
  }

  private static HpaStep.Change change(Hpa hpa, Values inForce) {
    return (HpaStep.Change) step(hpa, inForce);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  @Test
  void isMadeWithWhatIsInForceAndNotWithTheDefault() {
    // I1, and D6, D28: no pass with other targets in between
    assertThat(step(null, new Values(3, 8, 50, 0)))
        .isEqualTo(new HpaStep.Create(3, 8, java.util.List.of(json(utilization("cpu", 50)))));
    assertThat(step(null, new Values(2, 8, 0, 70)))
        .isEqualTo(new HpaStep.Create(2, 8, java.util.List.of(json(utilization("memory", 70)))));
  }

  @Test
  void withoutAMetricItStaysAtTheMinimum() {
    // I6, I7, I14, D22
    assertThat(step(null, new Values(3, 8, 0, 0)))
        .isEqualTo(new HpaStep.Create(3, 3, java.util.List.of()));

    HpaStep.Change pinned =
        change(Hpas.owned(4, 8, utilization("cpu", 50)), new Values(3, 8, 0, 0));

    assertThat(pinned.min()).isEqualTo(3);
    assertThat(pinned.max()).isEqualTo(3);
    assertThat(pinned.metrics()).as("the API server puts one into an empty list").isNull();
    // What the API server made of it needs no other write.
    assertThat(step(Hpas.owned(3, 3, utilization("cpu", 80)), new Values(3, 8, 0, 0)))
        .isEqualTo(new HpaStep.Nothing());
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "FALSE", "False", "fAlSe"})
  void isLeftAloneWhenItIsSwitchedOff(String no) {
    // I2, I3, I9, D14, D17
    for (String key : new String[] {Hpa.OLD_MANAGED, Hpa.MANAGED}) {
      Hpa off = Hpas.annotated("'%s': '%s'".formatted(key, no), 3, 9);

      assertThat(step(off, new Values(14, 40, 0, 0)))
          .isInstanceOfSatisfying(
              HpaStep.HandsOff.class, step -> assertThat(step.reason()).isEqualTo("SwitchedOff"));
      assertThat(step(off, new Values(5, 5, 0, 0))).isInstanceOf(HpaStep.HandsOff.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "'service-scaler.kubernetes.io/managed': 'true'",
        "'service-scaler.kubernetes.io/managed': ''",
        "'service-scaler.kubernetes.io/managed': '0'",
        "'service-scaler.kubernetes.io/managed': 'no'",
        "'service-scaler.kubernetes.io/managed': 'off'",
        "'some.example/other': 'false'"
      })
  void isSteeredWhenItIsNotSwitchedOff(String annotations) {
    // I4, I5, D14: the whole truth table
    assertThat(step(Hpas.annotated(annotations, 3, 9), new Values(14, 40, 0, 0)))
        .isInstanceOf(HpaStep.Change.class);
  }

  @Test
  void whoeverSwitchesAnHpaOffKeepsIt() {
    // I11: its deletion no longer follows from that of the ServiceScaler
    Hpa off =
        Hpas.with(
            "'ebb.dev/managed': 'false'",
            "{'kind': 'ServiceScaler', 'name': 'shop', 'uid': '%s', 'controller': true}"
                .formatted(Scalers.UID),
            3,
            9);

    assertThat(step(off, new Values(14, 40, 0, 0))).isEqualTo(new HpaStep.LetGo(off));
  }

  @Test
  void bothBoundsGoInOneWriteAndMetricsOfOthersStay() {
    // I17, D16
    HpaStep.Change change =
        change(
            Hpas.of(3, 9, PODS, utilization("cpu", 60), utilization("memory", 75)),
            new Values(14, 40, 50, 0));

    assertThat(change.min()).isEqualTo(14);
    assertThat(change.max()).isEqualTo(40);
    assertThat(change.metrics()).containsExactly(json(PODS), json(utilization("cpu", 50)));
    assertThat(change.what()).isEqualTo("min 3 → 14, max 9 → 40, cpu 60% → 50%, memory 75% → off");
  }

  @Test
  void aMetricOfOthersIsEnoughToChooseBy() {
    HpaStep.Change change =
        change(Hpas.of(3, 9, PODS, utilization("cpu", 60)), new Values(4, 8, 0, 0));

    assertThat(change.max()).isEqualTo(8);
    assertThat(change.metrics()).containsExactly(json(PODS));
  }

  @Test
  void aTargetOfAnotherTypeIsReplacedAndASecondOneGoes() {
    String byValue =
        "{'type': 'Resource', 'resource': {'name': 'cpu',"
            + " 'target': {'type': 'AverageValue', 'averageValue': '500m'}}}";

    HpaStep.Change change =
        change(Hpas.of(4, 8, byValue, utilization("cpu", 50)), new Values(4, 8, 50, 0));

    assertThat(change.metrics()).containsExactly(json(utilization("cpu", 50)));
    assertThat(change.what()).isEqualTo("cpu off → 50%");
  }

  @Test
  void theSameIsNotWrittenAgain() {
    Hpa hpa = Hpas.of(4, 8, utilization("memory", 75), PODS, utilization("cpu", 50));

    assertThat(step(hpa, new Values(4, 8, 50, 75))).isEqualTo(new HpaStep.Nothing());
  }

  @Test
  void whatOthersMadeIsKeptBeforeItIsChangedForTheFirstTime() {
    Hpa others = Hpas.of(3, 9, PODS, utilization("cpu", 60));
    Saved saved = change(others, new Values(4, 8, 50, 0)).save();
    assertThat(saved).isEqualTo(new Saved(3, 9, others.spec().metrics(), ""));

    Hpa known = Hpas.annotated("'ebb.dev/saved-hpa': '{}'", 3, 9);
    assertThat(change(known, new Values(4, 8, 50, 0)).save()).isNull();
    assertThat(change(Hpas.owned(3, 9), new Values(4, 8, 50, 0)).save()).isNull();
  }

  @Test
  void ofServiceScalersHpaTheDefaultIsKept() {
    Hpa old =
        Hpas.annotated(
            "'service-scaler.kubernetes.io/note': 'DO-NOT-EDIT'", 1, 3, utilization("cpu", 80));

    Saved saved = change(old, new Values(3, 8, 50, 0)).save();

    assertThat(saved)
        .isEqualTo(
            new Saved(
                4,
                8,
                java.util.List.of(json(utilization("cpu", 50)), json(utilization("memory", 75))),
                ""));
  }

  @Test
  void whatWasKeptIsReadAsItWasWritten() {
    Saved saved = new Saved(3, 9, java.util.List.of(json(PODS), json(utilization("cpu", 60))), "");
    Hpa hpa = hpaThatKeeps(saved.text());

    assertThat(Saved.in(hpa)).contains(saved);
    assertThat(Saved.in(Hpas.of(1, 2))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "{}",
        "[]",
        "{\"minReplicas\": 9, \"maxReplicas\": 3, \"metrics\": []}",
        "{\"minReplicas\": 1, \"maxReplicas\": 3}"
      })
  void whatCannotBeReadIsNotGivenBack(String text) {
    assertThat(Saved.in(hpaThatKeeps(text))).isEmpty();
  }

  private static Hpa hpaThatKeeps(String text) {
    Hpa plain = Hpas.of(1, 2);
    Meta meta = plain.metadata();
    return new Hpa(
        new Meta(
            meta.name(),
            meta.namespace(),
            meta.uid(),
            meta.resourceVersion(),
            0,
            null,
            null,
            Map.of(),
            Map.of(Hpa.SAVED, text),
            java.util.List.of(),
            java.util.List.of()),
        plain.spec());
  }

  @ParameterizedTest
  @CsvSource({"apps/v2beta2,true", "apps/v1beta1,true", "apps/v1,false", "example.com/v1,false"})
  void anApiVersionThatNeverWasIsCorrected(String version, boolean corrected) {
    Hpa hpa = Hpas.of(4, 8, utilization("cpu", 50));
    Hpa old =
        new Hpa(
            hpa.metadata(),
            new Hpa.Spec(
                new Hpa.Target(version, "Deployment", "shop"), 4, 8, hpa.spec().metrics()));

    HpaStep step = step(old, new Values(4, 8, 50, 0));

    assertThat(step instanceof HpaStep.Change c && c.correctTarget()).isEqualTo(corrected);
  }

  @Test
  void whatAnotherControllerMadeIsLeftAlone() {
    Hpa keda =
        Hpas.with(
            "", "{'kind': 'ScaledObject', 'name': 'x', 'uid': 'k', 'controller': true}", 1, 9);

    assertThat(step(keda, new Values(4, 8, 50, 0)))
        .isInstanceOfSatisfying(
            HpaStep.HandsOff.class,
            step -> assertThat(step.message()).contains("belongs to ScaledObject x"));
  }
}
