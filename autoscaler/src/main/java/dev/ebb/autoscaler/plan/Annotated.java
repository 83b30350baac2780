package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ScaleTarget;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** ScaledResources that are made from the annotation on a workload. Stateless. */
public final class Annotated {

  /** The label that tells them from those that users write. */
  public static final String LABEL = Ebb.key("made-by");

  /** The label's value. */
  public static final String BY_ANNOTATION = "annotation";

  private Annotated() {}

  /** What should become of a workload's annotation. */
  public sealed interface Want {
    /** There should be a resource with this idle time. */
    record Resource(String idleAfter) implements Want {}

    /** There should be none. */
    record Nothing() implements Want {}

    /** The annotation is wrong; what is there stays as it is. */
    record Invalid(String message) implements Want {}

    /** A user's own resource is there for the same target, and wins. */
    record Explicit(String resource, String message) implements Want {}
  }

  /** Returns whether a resource was made from an annotation. */
  public static boolean made(ScaledResource resource) {
    return BY_ANNOTATION.equals(resource.metadata().labels().get(LABEL));
  }

  /** Returns whether a resource was made from the annotation of exactly this workload. */
  public static boolean madeFor(ScaledResource resource, Meta workload) {
    Meta.Owner owner = resource.metadata().controller();
    return made(resource) && owner != null && owner.uid().equals(workload.uid());
  }

  /** Returns the name of a workload's resource. */
  public static String name(String workload, String kind) {
    return workload + "-" + kind.toLowerCase(Locale.ROOT);
  }

  /**
   * Decides.
   *
   * @param workload the workload's metadata
   * @param target the workload
   * @param present all ScaledResources of the namespace
   */
  public static Want want(Meta workload, ScaleTarget target, List<ScaledResource> present) {
    String text = workload.annotations().get(Workload.SCALE_TO_ZERO_ANNOTATION);
    if (text == null || workload.deleting()) {
      return new Want.Nothing();
    }
    if (Durations.parse(text).filter(d -> !d.isZero()).isEmpty()) {
      return new Want.Invalid(
          "annotation %s: \"%s\" is not a duration; write for example \"10m\" or \"1h30m\""
              .formatted(Workload.SCALE_TO_ZERO_ANNOTATION, text));
    }
    String name = name(workload.name(), target.kind());
    List<ScaledResource> foreign =
        present.stream()
            .filter(r -> !madeFor(r, workload) && !r.metadata().deleting())
            .sorted(Comparator.comparing(r -> r.metadata().name()))
            .toList();
    for (ScaledResource other : foreign) {
      if (target.equals(other.target())) {
        return new Want.Explicit(
            other.metadata().name(),
            "ScaledResource %s is there for this workload, so annotation %s is not used; remove one"
                    .formatted(other.metadata().name(), Workload.SCALE_TO_ZERO_ANNOTATION)
                + " of them");
      }
    }
    for (ScaledResource other : foreign) {
      if (other.metadata().name().equals(name)) {
        return new Want.Explicit(
            name,
            "ScaledResource %s is another workload's and has the name that annotation %s needs;"
                    .formatted(name, Workload.SCALE_TO_ZERO_ANNOTATION)
                + " create it under another name");
      }
    }
    return new Want.Resource(text);
  }
}
