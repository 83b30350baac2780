package dev.ebb.autoscaler.reconcile;

import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;

/**
 * A workload that may carry the annotation.
 *
 * @param kind Deployment or StatefulSet
 * @param key where it is
 */
public record WorkloadKey(String kind, ResourceKey key) {

  /** Returns the workload as the target of a {@link ScaledResource}. */
  ScaleTarget target() {
    return new ScaleTarget(Workload.DEPLOYMENT.apiVersion(), kind, key);
  }

  @Override
  public String toString() {
    return kind + " " + key;
  }
}
