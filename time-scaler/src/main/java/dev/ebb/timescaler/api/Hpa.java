package dev.ebb.timescaler.api;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A HorizontalPodAutoscaler as the time-scaler steers it: bounds and metrics. Metrics of others are
 * kept as they are.
 */
public record Hpa(Meta metadata, Spec spec) implements KubeObject {

  /** Where HPAs are served. */
  public static final ResourceType<Hpa> TYPE =
      new ResourceType<>(
          "autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", Hpa.class);

  /** The annotation that keeps hands off an HPA, when it says {@code false}. */
  public static final String MANAGED = Ebb.key("managed");

  /** The same as service-scaler's users write it. */
  public static final String OLD_MANAGED = "service-scaler.kubernetes.io/managed";

  /** What service-scaler notes on every HPA that it had in its hands. */
  public static final String OLD_NOTE = "service-scaler.kubernetes.io/note";

  /** What an HPA that others made said before it was changed for the first time. */
  public static final String SAVED = Ebb.key("saved-hpa");

  /** Replaces what is absent by empty values. */
  public Hpa {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(null, null, 1, List.of()) : spec;
  }

  /** Bounds, metrics and what they are for. */
  public record Spec(
      @Nullable Target scaleTargetRef,
      @Nullable Integer minReplicas,
      int maxReplicas,
      List<JsonNode> metrics) {
    /** Copies the list. */
    public Spec {
      metrics = metrics == null ? List.of() : List.copyOf(metrics);
    }
  }

  /** What is scaled. */
  public record Target(@Nullable String apiVersion, @Nullable String kind, @Nullable String name) {}

  /** Returns the lower bound; Kubernetes' default is 1. */
  public int min() {
    Integer min = spec.minReplicas();
    return min == null ? 1 : min;
  }

  /** Returns the upper bound. */
  public int max() {
    return spec.maxReplicas();
  }

  /** Returns whether somebody said that it is to be left alone. */
  public boolean switchedOff() {
    return says(MANAGED) || says(OLD_MANAGED);
  }

  private boolean says(String annotation) {
    return "false".equalsIgnoreCase(metadata.annotations().get(annotation));
  }

  /** Returns whether an object's deletion takes this HPA along. */
  public boolean ownedBy(String uid) {
    return metadata.ownerReferences().stream().anyMatch(owner -> owner.uid().equals(uid));
  }
}
