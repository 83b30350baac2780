package dev.ebb.runtime.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many replicas a wake asks for; autoscaler and gateway must agree. Stateless. */
public final class WakeCount {

  private WakeCount() {}

  /**
   * Returns max(1, HPA minima, own minimum, onWake or else remembered), not past any maximum.
   *
   * @param own what the ScaledResource says of replicas; null for nothing
   * @param remembered the count from before sleep; null when unknown
   * @param hpas the HPAs of the workload
   */
  public static int of(
      ScaledResource.@Nullable Replicas own,
      @Nullable Integer remembered,
      List<HorizontalPodAutoscaler> hpas) {
    int count = remembered == null ? 1 : remembered;
    int most = Integer.MAX_VALUE;
    if (own != null) {
      count = own.onWake() == null ? count : own.onWake();
      count = own.min() == null ? count : Math.max(count, own.min());
      most = own.max() == null ? most : own.max();
    }
    for (HorizontalPodAutoscaler hpa : hpas) {
      count = Math.max(count, hpa.min());
      most = hpa.spec().maxReplicas() > 0 ? Math.min(most, hpa.spec().maxReplicas()) : most;
    }
    return Math.max(1, Math.min(count, most));
  }
}
