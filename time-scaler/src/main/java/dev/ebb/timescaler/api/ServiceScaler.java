package dev.ebb.timescaler.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
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
 * service-scaler's resource, as its users have it: one HorizontalPodAutoscaler whose bounds and
 * targets follow the time of day. Times are kept as their text and numbers as wide as their
 * definition lets them in: what makes no sense must become a condition, and not a decoding error
 * that hides the object.
 */
public record ServiceScaler(
    Meta metadata,
    @JsonDeserialize(using = LenientSpec.class) Spec spec,
    @JsonDeserialize(using = LenientStatus.class) Status status)
    implements KubeObject {

  /** Where ServiceScalers are served. */
  public static final ResourceType<ServiceScaler> TYPE =
      new ResourceType<>(
          "scaler.udaan.io", "v1", "servicescalers", "ServiceScaler", ServiceScaler.class);

  /** The finalizer that service-scaler put on them; it waits for a program that is gone. */
  public static final String OLD_FINALIZER = "servicescalers.scaler.udaan.io/finalizer";

  /** Replaces what is absent by empty values. */
  public ServiceScaler {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(null, List.of(), List.of()) : spec;
    status = status == null ? Status.NONE : status;
  }

  /**
   * What the user wants.
   *
   * @param hpa what holds outside of all time ranges
   * @param timeRangeSpec the time ranges; of those that match the last one holds
   * @param unreadable the fields whose values make no sense and are left out here
   */
  public record Spec(
      @Nullable HpaValues hpa, List<TimeRange> timeRangeSpec, @JsonIgnore List<String> unreadable) {
    /** Copies the ranges; what is null in them says nothing. */
    public Spec {
      timeRangeSpec =
          timeRangeSpec == null
              ? List.of()
              : timeRangeSpec.stream()
                  .map(range -> Objects.requireNonNullElse(range, TimeRange.EMPTY))
                  .toList();
      unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
    }
  }

  /**
   * Bounds and targets of an HPA.
   *
   * @param targetCPUUtilization percent; 0 takes the metric away
   * @param targetMemoryUtilization percent; 0 takes the metric away
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record HpaValues(
      @Nullable Long minReplicas,
      @Nullable Long maxReplicas,
      @Nullable Long targetCPUUtilization,
      @Nullable Long targetMemoryUtilization) {

    /** Says nothing. */
    public static final HpaValues NOTHING = new HpaValues(null, null, null, null);
  }

  /**
   * When other values hold.
   *
   * @param kind {@code ZonedTime} for every day, {@code ZonedDateTime} for once
   * @param from when it begins
   * @param to when it ends
   * @param replicaSpec what holds then
   */
  public record TimeRange(
      @Nullable String kind,
      @Nullable String from,
      @Nullable String to,
      @Nullable ReplicaSpec replicaSpec) {

    static final TimeRange EMPTY = new TimeRange(null, null, null, null);

    /** Returns what it sets. */
    public HpaValues hpa() {
      return replicaSpec == null || replicaSpec.hpa() == null
          ? HpaValues.NOTHING
          : replicaSpec.hpa();
    }
  }

  /** A time range's values. */
  public record ReplicaSpec(@Nullable HpaValues hpa) {}

  /**
   * What was found and done.
   *
   * @param timeRangeMatch whether a time range matches now
   * @param lastObservedGeneration the generation that this was judged on
   * @param lastKnownConfig what the HPA has
   * @param lastUpdatedTime when this was written, in UTC
   * @param lastAction what was done last
   * @param activeWindow the range that holds; {@code default} for none
   * @param nextTransition what comes next
   * @param conditions Ready, Valid and Applied
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      @Nullable Boolean timeRangeMatch,
      @Nullable Long lastObservedGeneration,
      @Nullable HpaValues lastKnownConfig,
      @Nullable String lastUpdatedTime,
      @Nullable String lastAction,
      @Nullable String activeWindow,
      @Nullable Next nextTransition,
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
   * @param to the range that holds from then on, and its values
   */
  public record Next(@Nullable String at, @Nullable String to) {}
}
