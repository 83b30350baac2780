package dev.ebb.timescaler.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.timeplan.Values;
import dev.ebb.timescaler.api.Hpa;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Decides on the step that makes an HPA say what is in force. Without any metric it cannot choose:
 * then its bounds are both the minimum. Stateless.
 */
public final class HpaPlan {

  private HpaPlan() {}

  /**
   * Decides.
   *
   * @param owner the object that the HPA follows and is named after
   * @param hpa as it was seen; null when there is none
   * @param inForce what it has to say; with both bounds
   * @param baseline what it says outside of all windows
   */
  public static HpaStep step(Meta owner, @Nullable Hpa hpa, Values inForce, Values baseline) {
    return hpa == null ? create(inForce) : steer(owner, "", hpa, inForce, Saved.of(hpa, baseline));
  }

  private static HpaStep create(Values inForce) {
    int min = Objects.requireNonNull(inForce.min(), "a minimum");
    int max = Objects.requireNonNull(inForce.max(), "a maximum");
    return new HpaStep.Create(
        min, inForce.measured() ? max : min, Metrics.with(List.of(), inForce, List.of()));
  }

  /**
   * Decides for an HPA that is there.
   *
   * @param owner who steers it
   * @param by how what it keeps names who steers it
   * @param before what it said before it was changed for the first time
   */
  static HpaStep steer(Meta owner, String by, Hpa hpa, Values inForce, Saved before) {
    int min = Objects.requireNonNull(inForce.min(), "a minimum");
    int max = Objects.requireNonNull(inForce.max(), "a maximum");
    HpaStep untouchable = untouchable(owner, by, hpa);
    if (untouchable != null) {
      return untouchable;
    }
    List<JsonNode> now = hpa.spec().metrics();
    List<JsonNode> wanted = Metrics.with(now, inForce, before.metrics());
    // The API server would put a metric of its own into an empty list.
    boolean pinned = wanted.isEmpty();
    List<JsonNode> metrics = pinned ? now : wanted;
    int upper = pinned ? min : max;
    boolean correct = wrongVersion(owner, hpa);
    String what = changes(hpa, min, upper, metrics, correct);
    if (what.isEmpty()) {
      return new HpaStep.Nothing();
    }
    boolean known = hpa.ownedBy(owner.uid()) || hpa.metadata().annotations().containsKey(Hpa.SAVED);
    return new HpaStep.Change(
        hpa,
        min,
        upper,
        metrics.equals(now) ? null : metrics,
        correct,
        known ? null : before,
        what);
  }

  private static @Nullable HpaStep untouchable(Meta owner, String by, Hpa hpa) {
    if (hpa.metadata().deleting()) {
      return new HpaStep.HandsOff("HpaDeleting", "the HPA is being deleted; a new one follows");
    }
    if (hpa.switchedOff()) {
      return hpa.ownedBy(owner.uid())
          ? new HpaStep.LetGo(hpa)
          : new HpaStep.HandsOff(
              "SwitchedOff",
              "the HPA's annotation %s or %s is \"false\": it is left alone; remove it to go on"
                  .formatted(Hpa.MANAGED, Hpa.OLD_MANAGED));
    }
    Meta.Owner controller = hpa.metadata().controller();
    if (controller != null && !controller.uid().equals(owner.uid())) {
      return new HpaStep.HandsOff(
          "ControlledByOther",
          "the HPA belongs to %s %s: it is left alone; delete that, or this ServiceScaler"
              .formatted(controller.kind(), controller.name()));
    }
    return Saved.in(hpa)
        .filter(saved -> !saved.by().equals(by))
        .map(saved -> steeredByOther("the HPA", saved))
        .orElse(null);
  }

  /** Two hands on one target undo each other; the first one keeps it. */
  static HpaStep.HandsOff steeredByOther(String what, Saved saved) {
    return new HpaStep.HandsOff(
        "SteeredByOther",
        "%s is steered by %s: it is left alone; delete one of the two"
            .formatted(what, saved.by().isEmpty() ? "a ServiceScaler" : saved.by()));
  }

  /** The target of HPAs that service-scaler made has an API version that never was. */
  private static boolean wrongVersion(Meta owner, Hpa hpa) {
    Hpa.Target target = hpa.spec().scaleTargetRef();
    return target != null
        && "Deployment".equals(target.kind())
        && owner.name().equals(target.name())
        && target.apiVersion() != null
        && target.apiVersion().startsWith("apps/")
        && !target.apiVersion().equals("apps/v1");
  }

  private static String changes(
      Hpa hpa, int min, int max, List<JsonNode> metrics, boolean correct) {
    List<JsonNode> before = hpa.spec().metrics();
    List<String> changes = new ArrayList<>();
    changes.add(change("min", hpa.min(), min));
    changes.add(change("max", hpa.max(), max));
    changes.add(change("cpu", percent(Metrics.cpu(before)), percent(Metrics.cpu(metrics))));
    changes.add(
        change("memory", percent(Metrics.memory(before)), percent(Metrics.memory(metrics))));
    if (changes.get(2).isEmpty() && changes.get(3).isEmpty() && !before.equals(metrics)) {
      changes.add("metrics put in order");
    }
    if (correct) {
      changes.add("target apps/v1");
    }
    return changes.stream().filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
  }

  private static String percent(@Nullable Integer target) {
    return target == null ? "off" : target + "%";
  }

  private static String change(String name, Object before, Object after) {
    return before.equals(after) ? "" : "%s %s → %s".formatted(name, before, after);
  }

  /** Says in words what an HPA that is made has. */
  public static String text(HpaStep.Create create) {
    return Stream.of(
            "min " + create.min(),
            "max " + create.max(),
            "cpu " + percent(Metrics.cpu(create.metrics())),
            "memory " + percent(Metrics.memory(create.metrics())))
        .collect(Collectors.joining(", "));
  }
}
