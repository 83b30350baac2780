package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.plan.Remembered;
import dev.ebb.timescaler.plan.Saved;
import dev.ebb.timescaler.plan.SchedulePlanner;
import dev.ebb.timescaler.plan.SchedulePlanner.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which targets each ScalingSchedule steers, as they say themselves, and which schedules name each
 * target: an index of the caches, kept by their changes. Thread-safe.
 */
public final class Steered {

  /**
   * A target.
   *
   * @param id group and kind, where the kind alone does not say them; else empty
   */
  public record Target(Kind kind, String id, ResourceKey key) {

    /** A target of a kind that says everything. */
    public Target(Kind kind, ResourceKey key) {
      this(kind, "", key);
    }

    /** Returns how a ResourceScaler names it. */
    ScaleTarget scale(ResourceType<?> type) {
      return new ScaleTarget(type.apiVersion(), type.kind(), key);
    }
  }

  /** Returns group and kind in one, as in {@code apps/Deployment}. */
  static String id(@Nullable String apiVersion, @Nullable String kind) {
    String version = apiVersion == null ? "" : apiVersion;
    int slash = version.indexOf('/');
    return (slash < 0 ? "" : version.substring(0, slash)) + "/" + kind;
  }

  private final Map<ResourceKey, Set<Target>> targets = new ConcurrentHashMap<>();
  private final Map<Target, Set<ResourceKey>> schedules = new ConcurrentHashMap<>();
  private final Set<ResourceKey> selecting = ConcurrentHashMap.newKeySet();

  /** Returns the target that a schedule names; empty when it names none of a known kind. */
  static Optional<Target> named(ScalingSchedule schedule) {
    ScheduleSpec.TargetRef ref = schedule.spec().targetRef();
    String name = ref == null ? null : ref.name();
    return ref == null || name == null || name.isBlank()
        ? Optional.empty()
        : SchedulePlanner.kind(schedule)
            .map(kind ->
                new Target(
                    kind,
                    kind.open() ? id(ref.apiVersion(), ref.kind()) : "",
                    new ResourceKey(schedule.key().namespace(), name)));
  }

  /** Returns the targets that say that a schedule steers them. */
  Set<Target> targets(ResourceKey schedule) {
    return Set.copyOf(targets.getOrDefault(schedule, Set.of()));
  }

  /** Returns the schedules that name a target. */
  Set<ResourceKey> schedules(Target target) {
    return Set.copyOf(schedules.getOrDefault(target, Set.of()));
  }

  /** Returns the schedules that select their targets. */
  Set<ResourceKey> selecting() {
    return Set.copyOf(selecting);
  }

  /** Returns the schedule that steers an HPA as it says itself. */
  static Optional<ResourceKey> steers(Hpa hpa) {
    return schedule(hpa.metadata(), Saved.in(hpa).map(Saved::by));
  }

  /** Returns the schedule that steers another target as it says itself. */
  static Optional<ResourceKey> steers(KubeObject target) {
    return target instanceof Hpa hpa
        ? steers(hpa)
        : schedule(target.metadata(), Saved.in(target.metadata()).map(Saved::by));
  }

  private static Optional<ResourceKey> schedule(Meta target, Optional<String> bounds) {
    String prefix = SchedulePlanner.by("");
    return bounds
        .filter(by -> !by.isEmpty())
        .or(() -> Remembered.in(target).map(Remembered::by))
        .filter(by -> by.startsWith(prefix) && by.length() > prefix.length())
        .map(by -> key(by.substring(prefix.length()), target.namespace()));
  }

  private static ResourceKey key(String name, String own) {
    int slash = name.indexOf('/');
    return slash < 1 || slash == name.length() - 1
        ? new ResourceKey(own, name)
        : new ResourceKey(name.substring(0, slash), name.substring(slash + 1));
  }

  /** Takes in that a target changed. */
  void changed(Kind kind, String id, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (before != null) {
      steers(before).ifPresent(key -> remove(targets, key, new Target(kind, id, before.key())));
    }
    if (after != null) {
      steers(after).ifPresent(key -> add(targets, key, new Target(kind, id, after.key())));
    }
  }

  void schedule(@Nullable ScalingSchedule before, @Nullable ScalingSchedule after) {
    if (before != null) {
      named(before).ifPresent(target -> remove(schedules, target, before.key()));
      selecting.remove(before.key());
    }
    if (after != null) {
      named(after).ifPresent(target -> add(schedules, target, after.key()));
      if (after.spec().targetSelector() != null) {
        selecting.add(after.key());
      }
    }
  }

  private static <K, V> void add(Map<K, Set<V>> index, K key, V value) {
    index.compute(
        key,
        (k, values) -> {
          Set<V> more = values == null ? ConcurrentHashMap.newKeySet() : values;
          more.add(value);
          return more;
        });
  }

  private static <K, V> void remove(Map<K, Set<V>> index, K key, V value) {
    index.computeIfPresent(
        key,
        (k, values) -> {
          values.remove(value);
          return values.isEmpty() ? null : values;
        });
  }
}
