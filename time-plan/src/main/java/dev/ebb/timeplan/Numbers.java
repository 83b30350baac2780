package dev.ebb.timeplan;

import dev.ebb.timeplan.ScheduleSpec.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the numbers of a resource into those that its target can have. Stateless. */
public final class Numbers {

  private Numbers() {}

  /**
   * Reads what can be read; the rest says nothing and is found.
   *
   * @param fewest the fewest replicas that can be asked for
   */
  public static Values of(String field, Setting set, int fewest, List<Finding> findings) {
    return new Values(
        count(field + ".minReplicas", set.minReplicas(), fewest, findings),
        count(field + ".maxReplicas", set.maxReplicas(), 1, findings),
        target(field + ".targetCPUUtilization", set.targetCPUUtilization(), findings),
        target(field + ".targetMemoryUtilization", set.targetMemoryUtilization(), findings),
        set.hibernate());
  }

  private static @Nullable Integer count(
      String field, @Nullable Long value, int fewest, List<Finding> findings) {
    if (value != null && value < fewest) {
      findings.add(
          new Finding(
              field,
              fewest == 1
                  ? value
                      + " is less than there can be; 1 is used: to let nothing run, write"
                      + " hibernate: true, or a ScaledResource"
                  : value + " is less than there can be; " + fewest + " is used: correct it",
              false));
      return fewest;
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
