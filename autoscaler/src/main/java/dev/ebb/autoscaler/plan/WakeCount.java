package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ScaleTarget;
import java.util.List;

/** How many replicas a wake asks for. Stateless. */
final class WakeCount {

  private WakeCount() {}

  /** Returns max(1, HPA min, remembered or onWake), not past the HPA's and the resource's max. */
  static int of(ScaledResource resource, ScaleTarget target, List<HorizontalPodAutoscaler> hpas) {
    int count = 1;
    int most = Integer.MAX_VALUE;
    ScaledResource.Replicas own = resource.spec().replicas();
    if (own != null && own.onWake() != null) {
      count = Math.max(count, own.onWake());
    } else {
      Integer remembered = resource.remembered();
      count = remembered == null ? count : Math.max(count, remembered);
    }
    if (own != null && own.min() != null) {
      count = Math.max(count, own.min());
    }
    if (own != null && own.max() != null) {
      most = own.max();
    }
    for (HorizontalPodAutoscaler hpa : hpas) {
      if (hpa.scales(target)) {
        count = Math.max(count, hpa.min());
        most = hpa.spec().maxReplicas() > 0 ? Math.min(most, hpa.spec().maxReplicas()) : most;
      }
    }
    return Math.max(1, Math.min(count, most));
  }
}
