package dev.ebb.timescaler.api;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * An object of a kind that the time-scaler was told to look at: KEDA's ScaledObject, or anything
 * that has a {@code scale}. Of the latter the count is never taken from here, but read where it is.
 */
public record Steerable(Meta metadata, Spec spec) implements KubeObject {

  /** The group of KEDA's kinds. */
  public static final String KEDA_GROUP = "keda.sh";

  /** Where KEDA's ScaledObjects are served. */
  public static final ResourceType<Steerable> SCALED_OBJECT =
      new ResourceType<>(KEDA_GROUP, "v1alpha1", "scaledobjects", "ScaledObject", Steerable.class);

  /** While it is there KEDA leaves the workload as it is. */
  public static final String KEDA_PAUSED = "autoscaling.keda.sh/paused";

  /** While it is there KEDA holds the workload at so many replicas. */
  public static final String KEDA_PAUSED_REPLICAS = "autoscaling.keda.sh/paused-replicas";

  /** Who let a ScaledObject hibernate, on the ScaledObject. */
  public static final String HIBERNATED = Ebb.key("hibernated");

  /** How many replicas there were before the time-scaler changed their number. */
  public static final String SAVED_SCALE = Ebb.key("saved-scale");

  /** Replaces what is absent by empty values. */
  public Steerable {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(null, null, null) : spec;
  }

  /** What a ScaledObject says of counts; other kinds say nothing here. */
  public record Spec(
      @Nullable Integer minReplicaCount,
      @Nullable Integer maxReplicaCount,
      @Nullable Integer idleReplicaCount) {}
}
