package dev.ebb.timescaler.plan;

import dev.ebb.timescaler.api.ServiceScaler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the numbers of a ServiceScaler into those that an HPA can have. Stateless. */
final class Numbers {

  private Numbers() {}

  /** Reads what can be read; the rest says nothing and is found. */
  static Values of(String field, ServiceScaler.HpaValues hpa, List<Finding> findings) {
    return new Values(
        count(field + ".minReplicas", hpa.minReplicas(), findings),
        count(field + ".maxReplicas", hpa.maxReplicas(), findings),
        target(field + ".targetCPUUtilization", hpa.targetCPUUtilization(), findings),
        target(field + ".targetMemoryUtilization", hpa.targetMemoryUtilization(), findings));
  }

  private static @Nullable Integer count(
      String field, @Nullable Long value, List<Finding> findings) {
    if (value != null && value < 1) {
      findings.add(
          new Finding(
              field,
              value
                  + " is less than an HPA can have; 1 is used: to let a workload sleep, write a"
                  + " ScaledResource",
              false));
      return 1;
    }
    return fitting(field, value, findings);
  }

  private static @Nullable Integer target(
      String field, @Nullable Long value, List<Finding> findings) {
    if (value != null && value < 0) {
      findings.add(
          new Finding(
              field, value + " is no utilization and is left out: 0 takes the metric away", false));
      return null;
    }
    return fitting(field, value, findings);
  }

  private static @Nullable Integer fitting(
      String field, @Nullable Long value, List<Finding> findings) {
    if (value != null && value > Integer.MAX_VALUE) {
      findings.add(
          new Finding(
              field, value + " is more than an HPA can have and is left out: correct it", false));
      return null;
    }
    return value == null ? null : Math.toIntExact(value);
  }
}
