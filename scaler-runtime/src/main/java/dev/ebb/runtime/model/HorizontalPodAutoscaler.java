package dev.ebb.runtime.model;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.scaler.ScaleTarget;
import org.jspecify.annotations.Nullable;

/** A HorizontalPodAutoscaler's bounds and what it wants now. */
public record HorizontalPodAutoscaler(Meta metadata, Spec spec, Status status)
    implements KubeObject {

  /** Where HPAs are served. */
  public static final ResourceType<HorizontalPodAutoscaler> TYPE =
      new ResourceType<>(
          "autoscaling",
          "v2",
          "horizontalpodautoscalers",
          "HorizontalPodAutoscaler",
          HorizontalPodAutoscaler.class);

  /** Replaces what is absent by empty values. */
  public HorizontalPodAutoscaler {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(null, null, 1) : spec;
    status = status == null ? new Status(0, 0) : status;
  }

  /** What it scales and between which counts. */
  public record Spec(
      @Nullable TargetRef scaleTargetRef, @Nullable Integer minReplicas, int maxReplicas) {}

  /** What an HPA points at. */
  public record TargetRef(
      @Nullable String apiVersion, @Nullable String kind, @Nullable String name) {}

  /** What it saw and wants. */
  public record Status(int currentReplicas, int desiredReplicas) {}

  /** Returns the lower bound; Kubernetes' default is 1. */
  public int min() {
    Integer min = spec.minReplicas();
    return min == null ? 1 : min;
  }

  /** Returns whether this HPA scales a target. */
  public boolean scales(ScaleTarget target) {
    TargetRef ref = spec.scaleTargetRef();
    return ref != null
        && metadata.namespace().equals(target.key().namespace())
        && target.key().name().equals(ref.name())
        && target.kind().equals(ref.kind());
  }
}
