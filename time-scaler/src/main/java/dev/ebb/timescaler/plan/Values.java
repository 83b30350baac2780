package dev.ebb.timescaler.plan;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule sets. A field that is null says nothing, and what lies below it holds.
 *
 * @param min the fewest replicas
 * @param max the most replicas
 * @param cpu the average CPU utilization to aim at in percent; 0 takes the metric away
 * @param memory the same of memory
 */
public record Values(
    @Nullable Integer min, @Nullable Integer max, @Nullable Integer cpu, @Nullable Integer memory) {

  /** Says nothing. */
  public static final Values NOTHING = new Values(null, null, null, null);

  /** Returns these values, and where they say nothing those of another. */
  public Values over(Values other) {
    return new Values(
        min == null ? other.min : min,
        max == null ? other.max : max,
        cpu == null ? other.cpu : cpu,
        memory == null ? other.memory : memory);
  }

  /** Returns these values with other replica counts. */
  Values with(@Nullable Integer otherMin, @Nullable Integer otherMax) {
    return new Values(otherMin, otherMax, cpu, memory);
  }

  /** Returns these values with a maximum that is no less than the minimum. */
  Values ordered() {
    return min != null && max != null && max < min ? with(min, min) : this;
  }

  /** Returns whether there is a utilization to aim at. */
  public boolean measured() {
    return targets(cpu) || targets(memory);
  }

  /** Returns whether a target is there and not taken away. */
  public static boolean targets(@Nullable Integer target) {
    return target != null && target != 0;
  }

  /** Says it in words, as in {@code min 2, max 8, cpu 50%, memory off}. */
  public String text() {
    return "min %s, max %s, cpu %s, memory %s"
        .formatted(count(min), count(max), target(cpu), target(memory));
  }

  /** Says in words what it says, as in {@code min 2, cpu 50%}; {@code nothing} for nothing. */
  public String said() {
    StringJoiner parts = new StringJoiner(", ");
    parts.setEmptyValue("nothing");
    if (min != null) {
      parts.add("min " + min);
    }
    if (max != null) {
      parts.add("max " + max);
    }
    if (cpu != null) {
      parts.add("cpu " + target(cpu));
    }
    if (memory != null) {
      parts.add("memory " + target(memory));
    }
    return parts.toString();
  }

  private static String count(@Nullable Integer count) {
    return count == null ? "-" : count.toString();
  }

  private static String target(@Nullable Integer target) {
    return targets(target) ? target + "%" : "off";
  }
}
