package dev.ebb.timescaler.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.HpaValues;
import dev.ebb.timescaler.api.ServiceScaler.ReplicaSpec;
import dev.ebb.timescaler.api.ServiceScaler.TimeRange;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** ServiceScalers for tests. */
public final class Scalers {

  /** Its identity. */
  public static final String UID = "7b9e";

  private Scalers() {}

  /** Makes one. */
  public static ServiceScaler of(@Nullable HpaValues hpa, TimeRange... ranges) {
    return of(Map.of(), hpa, ranges);
  }

  /** Makes one with annotations. */
  public static ServiceScaler of(
      Map<String, String> annotations, @Nullable HpaValues hpa, TimeRange... ranges) {
    Meta meta =
        new Meta(
            "shop",
            "prod",
            UID,
            "5",
            3,
            Instant.EPOCH,
            null,
            Map.of("team", "x"),
            annotations,
            List.of(),
            List.of());
    return new ServiceScaler(
        meta,
        new ServiceScaler.Spec(hpa, Arrays.asList(ranges), List.of()),
        ServiceScaler.Status.NONE);
  }

  /** Bounds without metrics. */
  public static HpaValues hpa(long min, long max) {
    return new HpaValues(min, max, null, null);
  }

  /** Bounds and targets; null for what is not said. */
  public static HpaValues hpa(
      @Nullable Integer min,
      @Nullable Integer max,
      @Nullable Integer cpu,
      @Nullable Integer memory) {
    return new HpaValues(wide(min), wide(max), wide(cpu), wide(memory));
  }

  private static @Nullable Long wide(@Nullable Integer value) {
    return value == null ? null : value.longValue();
  }

  /** A range of every day. */
  public static TimeRange daily(String from, String to, @Nullable HpaValues hpa) {
    return new TimeRange("ZonedTime", from, to, new ReplicaSpec(hpa));
  }

  /** A range of once. */
  public static TimeRange once(String from, String to, @Nullable HpaValues hpa) {
    return new TimeRange("ZonedDateTime", from, to, new ReplicaSpec(hpa));
  }

  /** A minimum alone. */
  public static HpaValues min(int min) {
    return hpa(min, null, null, null);
  }

  /** A maximum alone. */
  public static HpaValues max(int max) {
    return hpa(null, max, null, null);
  }

  /** Returns the schedule of one that makes sense. */
  public static Schedule schedule(ServiceScaler scaler) {
    return Translation.of(scaler).schedule().orElseThrow();
  }
}
