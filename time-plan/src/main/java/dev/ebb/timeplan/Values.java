package dev.ebb.timeplan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule sets. A field that is null says nothing, and what lies below it holds.
 *
 * @param min the fewest replicas
 * @param max the most replicas
 * @param cpu the average CPU utilization to aim at in percent; 0 takes the metric away
 * @param memory the same of memory
 * @param hibernate whether nothing is to run, whatever the bounds say
 */
public record Values(
    @Nullable Integer min,
    @Nullable Integer max,
    @Nullable Integer cpu,
    @Nullable Integer memory,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean hibernate) {

  /** Says nothing. */
  public static final Values NOTHING = new Values(null, null, null, null, null);

  /** What can be set, one by one. */
  static final List<Function<Values, @Nullable Object>> FIELDS =
      List.of(Values::min, Values::max, Values::cpu, Values::memory, Values::hibernate);

  /** Sets counts and utilizations alone. */
  public Values(
      @Nullable Integer min,
      @Nullable Integer max,
      @Nullable Integer cpu,
      @Nullable Integer memory) {
    this(min, max, cpu, memory, null);
  }

  /** Returns whether nothing is to run. */
  public boolean hibernates() {
    return Boolean.TRUE.equals(hibernate);
  }

  /** Returns these values, and where they say nothing those of another. */
  public Values over(Values other) {
    return new Values(
        min == null ? other.min : min,
        max == null ? other.max : max,
        cpu == null ? other.cpu : cpu,
        memory == null ? other.memory : memory,
        hibernate == null ? other.hibernate : hibernate);
  }

  /** Returns these values with other replica counts. */
  public Values with(@Nullable Integer otherMin, @Nullable Integer otherMax) {
    return new Values(otherMin, otherMax, cpu, memory, hibernate);
  }

  /** Returns these values with a maximum that is no less than the minimum. */
  public Values ordered() {
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
    return "min %s, max %s, cpu %s, memory %s%s"
        .formatted(
            count(min),
            count(max),
            target(cpu),
            target(memory),
            hibernates() ? ", hibernating" : "");
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
    if (hibernate != null) {
      parts.add(hibernate ? "hibernate" : "no hibernation");
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
