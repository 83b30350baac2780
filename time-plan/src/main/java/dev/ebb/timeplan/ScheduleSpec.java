package dev.ebb.timeplan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the user wants: the spec of a ScalingSchedule. Times, numbers and words are kept as they are
 * written.
 *
 * @param targetRef what is scaled, in the same namespace
 * @param targetSelector what is scaled, when it is more than one
 * @param timeZone the IANA name of the zone that times without one mean
 * @param baseline what holds outside of all windows; what it does not say stays as it was
 * @param windows when other values hold
 * @param ramp how counts change
 * @param override holds above all windows until it ends
 * @param mode {@code Enforce}, {@code Observe} or {@code Paused}
 * @param unreadable the fields whose values make no sense and are left out here
 */
public record ScheduleSpec(
    @Nullable TargetRef targetRef,
    @Nullable TargetSelector targetSelector,
    @Nullable String timeZone,
    @Nullable Setting baseline,
    List<WindowSpec> windows,
    @Nullable RampSpec ramp,
    @Nullable Override override,
    @Nullable String mode,
    @JsonIgnore List<String> unreadable) {

  /** Says nothing. */
  public static final ScheduleSpec EMPTY =
      new ScheduleSpec(null, null, null, null, List.of(), null, null, null, List.of());

  /** Copies the lists; what is null in them says nothing. */
  public ScheduleSpec {
    windows =
        windows == null
            ? List.of()
            : windows.stream().map(w -> Objects.requireNonNullElse(w, WindowSpec.EMPTY)).toList();
    unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
  }

  /** Returns this spec with fields that could not be read. */
  public ScheduleSpec without(List<String> fields) {
    return new ScheduleSpec(
        targetRef, targetSelector, timeZone, baseline, windows, ramp, override, mode, fields);
  }

  /** What is scaled. */
  public record TargetRef(
      @Nullable String apiVersion, @Nullable String kind, @Nullable String name) {

    /** Says it in words, as in {@code HorizontalPodAutoscaler shop}. */
    public String text() {
      return kind + " " + name;
    }
  }

  /**
   * All objects of a kind with certain labels.
   *
   * @param labelSelector which objects
   * @param namespaceSelector of which namespaces; null for the schedule's own
   */
  public record TargetSelector(
      @Nullable String apiVersion,
      @Nullable String kind,
      @Nullable LabelSelector labelSelector,
      @Nullable LabelSelector namespaceSelector) {

    /** Returns whether an object is selected. */
    public boolean selects(
        String namespace,
        Map<String, String> labels,
        Map<String, String> namespaceLabels,
        String own) {
      boolean near =
          namespaceSelector == null
              ? namespace.equals(own)
              : namespaceSelector.matches(namespaceLabels);
      return near && labelSelector != null && labelSelector.matches(labels);
    }
  }

  /**
   * What is set. A field that is absent says nothing.
   *
   * @param targetCPUUtilization percent, of HPAs; 0 takes the metric away
   * @param targetMemoryUtilization percent, of HPAs; 0 takes the metric away
   * @param hibernate whether nothing is to run
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Setting(
      @Nullable Long minReplicas,
      @Nullable Long maxReplicas,
      @Nullable Long targetCPUUtilization,
      @Nullable Long targetMemoryUtilization,
      @Nullable Boolean hibernate) {

    /** Sets counts and utilizations alone. */
    public Setting(
        @Nullable Long minReplicas,
        @Nullable Long maxReplicas,
        @Nullable Long targetCPUUtilization,
        @Nullable Long targetMemoryUtilization) {
      this(minReplicas, maxReplicas, targetCPUUtilization, targetMemoryUtilization, null);
    }

    /** Says nothing. */
    public static final Setting NOTHING = new Setting(null, null, null, null, null);
  }

  /**
   * When other values hold; exactly one of {@code daily}, {@code cron} and {@code once} says it.
   *
   * @param name what it is called; unique
   * @param priority of windows that are open at the same time the one with the highest wins, for
   *     each field that it sets
   * @param timeZone in place of the schedule's
   * @param exclude dates, as in {@code 2026-12-25}, on which it does not begin
   * @param set what holds then
   */
  public record WindowSpec(
      @Nullable String name,
      @Nullable Long priority,
      @Nullable String timeZone,
      @Nullable Daily daily,
      @Nullable Cron cron,
      @Nullable Once once,
      List<String> exclude,
      @Nullable Setting set) {

    static final WindowSpec EMPTY =
        new WindowSpec(null, null, null, null, null, null, List.of(), null);

    /** Copies the list. */
    public WindowSpec {
      exclude = exclude == null ? List.of() : exclude.stream().filter(Objects::nonNull).toList();
    }
  }

  /**
   * From a time of day to another, which belongs to the next day when it is not later.
   *
   * @param days on which it begins, as in {@code Mon}; empty for all
   */
  public record Daily(@Nullable String from, @Nullable String to, List<String> days) {
    /** Copies the list. */
    public Daily {
      days = days == null ? List.of() : days.stream().filter(Objects::nonNull).toList();
    }
  }

  /** From each time of a crontab line on, for so long. */
  public record Cron(@Nullable String start, @Nullable String duration) {}

  /** From an instant to another. */
  public record Once(@Nullable String from, @Nullable String to) {}

  /** How counts change: over so long, in so many steps. */
  public record RampSpec(@Nullable String duration, @Nullable Long steps) {}

  /** What holds above everything else until it ends. */
  public record Override(@Nullable String until, @Nullable Setting set) {}
}
