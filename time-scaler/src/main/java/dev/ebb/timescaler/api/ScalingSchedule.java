package dev.ebb.timescaler.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * Bounds that follow the clock, for an HPA or a ScaledResource. Times, numbers and words are kept
 * as they are written: what makes no sense must become a condition, and not a decoding error that
 * hides the object.
 */
public record ScalingSchedule(
    Meta metadata,
    @JsonDeserialize(using = LenientScheduleSpec.class) Spec spec,
    @JsonDeserialize(using = LenientScheduleStatus.class) Status status)
    implements KubeObject {

  /** Where ScalingSchedules are served. */
  public static final ResourceType<ScalingSchedule> TYPE =
      new ResourceType<>(
          Ebb.GROUP, Ebb.VERSION, "scalingschedules", "ScalingSchedule", ScalingSchedule.class);

  /** Replaces what is absent by empty values. */
  public ScalingSchedule {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? Spec.EMPTY : spec;
    status = status == null ? Status.NONE : status;
  }

  /**
   * What the user wants.
   *
   * @param targetRef what is scaled, in the same namespace
   * @param timeZone the IANA name of the zone that times without one mean
   * @param baseline what holds outside of all windows; what it does not say stays as it was
   * @param windows when other values hold
   * @param ramp how counts change
   * @param override holds above all windows until it ends
   * @param mode {@code Enforce}, {@code Observe} or {@code Paused}
   * @param unreadable the fields whose values make no sense and are left out here
   */
  public record Spec(
      @Nullable TargetRef targetRef,
      @Nullable String timeZone,
      @Nullable Setting baseline,
      List<WindowSpec> windows,
      @Nullable RampSpec ramp,
      @Nullable Override override,
      @Nullable String mode,
      @JsonIgnore List<String> unreadable) {

    static final Spec EMPTY = new Spec(null, null, null, List.of(), null, null, null, List.of());

    /** Copies the lists; what is null in them says nothing. */
    public Spec {
      windows =
          windows == null
              ? List.of()
              : windows.stream().map(w -> Objects.requireNonNullElse(w, WindowSpec.EMPTY)).toList();
      unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
    }

    /** Returns this spec with fields that could not be read. */
    Spec without(List<String> fields) {
      return new Spec(targetRef, timeZone, baseline, windows, ramp, override, mode, fields);
    }
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
   * What is set. A field that is absent says nothing.
   *
   * @param targetCPUUtilization percent, of HPAs; 0 takes the metric away
   * @param targetMemoryUtilization percent, of HPAs; 0 takes the metric away
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Setting(
      @Nullable Long minReplicas,
      @Nullable Long maxReplicas,
      @Nullable Long targetCPUUtilization,
      @Nullable Long targetMemoryUtilization) {

    /** Says nothing. */
    public static final Setting NOTHING = new Setting(null, null, null, null);
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

  /**
   * What was found and done.
   *
   * @param observedGeneration the generation that this was judged on
   * @param activeWindow the window that rules; {@code baseline} for none
   * @param effective what the target has
   * @param nextTransition what comes next
   * @param lastAction what was done last
   * @param conditions Ready, Valid, Applied and Conflicting
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      @Nullable Long observedGeneration,
      @Nullable String activeWindow,
      @Nullable Setting effective,
      @Nullable Next nextTransition,
      @Nullable String lastAction,
      List<Condition> conditions) {

    /** Nothing said yet. */
    public static final Status NONE = new Status(null, null, null, null, null, List.of());

    /** Copies the conditions. */
    public Status {
      conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** Finds a condition. */
    public Optional<Condition> condition(String type) {
      return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }
  }

  /**
   * What comes next.
   *
   * @param at when, in UTC
   * @param to the window that rules from then on, and what is set then
   */
  public record Next(@Nullable String at, @Nullable String to) {}
}
