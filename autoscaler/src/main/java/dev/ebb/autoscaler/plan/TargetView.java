package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.Scale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The target as it was read. */
public sealed interface TargetView {

  /**
   * It is there.
   *
   * @param scale its scale, read live
   * @param podLabels the labels that its pods carry
   * @param workload the object itself for the built-in kinds; null for all others
   */
  record Found(Scale scale, Map<String, String> podLabels, @Nullable Workload workload)
      implements TargetView {
    /** Copies the map. */
    public Found {
      podLabels = Map.copyOf(podLabels);
    }
  }

  /**
   * It may not be read. An API server that has just started forbids everything until it knows its
   * roles, so this is no reason to change anything.
   *
   * @param reason the condition's reason
   * @param message what is wrong and what to do
   */
  record Unreadable(String reason, String message) implements TargetView {}

  /**
   * It is not there.
   *
   * @param reason the condition's reason
   * @param message what is wrong and what to do
   */
  record Missing(String reason, String message) implements TargetView {}
}
