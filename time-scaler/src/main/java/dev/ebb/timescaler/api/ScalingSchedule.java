package dev.ebb.timescaler.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import dev.ebb.timeplan.ScheduleSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * Bounds that follow the clock, for one target or many. Times, numbers and words are kept as they
 * are written: what makes no sense must become a condition, and not a decoding error that hides the
 * object.
 */
public record ScalingSchedule(
    Meta metadata,
    @JsonDeserialize(using = LenientScheduleSpec.class) ScheduleSpec spec,
    @JsonDeserialize(using = LenientScheduleStatus.class) Status status)
    implements KubeObject {

  /** Where ScalingSchedules are served. */
  public static final ResourceType<ScalingSchedule> TYPE =
      new ResourceType<>(
          Ebb.GROUP, Ebb.VERSION, "scalingschedules", "ScalingSchedule", ScalingSchedule.class);

  /** Replaces what is absent by empty values. */
  public ScalingSchedule {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? ScheduleSpec.EMPTY : spec;
    status = status == null ? Status.NONE : status;
  }

  /**
   * What was found and done.
   *
   * @param observedGeneration the generation that this was judged on
   * @param target which target that is; of many, how many say what the schedule says
   * @param targets how many targets do so, and which do not; null for one target
   * @param activeWindow the window that rules; {@code baseline} for none
   * @param effective what the target has
   * @param nextTransition what comes next
   * @param lastAction what was done last
   * @param conditions Ready, Valid, Applied and Conflicting
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      @Nullable Long observedGeneration,
      @Nullable String target,
      @Nullable Targets targets,
      @Nullable String activeWindow,
      ScheduleSpec.@Nullable Setting effective,
      @Nullable Next nextTransition,
      @Nullable String lastAction,
      List<Condition> conditions) {

    /** Nothing said yet. */
    public static final Status NONE =
        new Status(null, null, null, null, null, null, null, List.of());

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

  /**
   * How many targets are doing.
   *
   * @param matched how many there are
   * @param applied how many say what the schedule says
   * @param others those that do not; of many the first ones
   */
  public record Targets(@Nullable Long matched, @Nullable Long applied, List<Other> others) {
    /** Copies the list. */
    public Targets {
      others = others == null ? List.of() : others.stream().filter(Objects::nonNull).toList();
    }
  }

  /** A target that does not say what the schedule says, and why. */
  public record Other(
      @Nullable String namespace,
      @Nullable String name,
      @Nullable String reason,
      @Nullable String message) {}
}
