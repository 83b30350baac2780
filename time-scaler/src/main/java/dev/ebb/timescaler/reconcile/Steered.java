package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
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
   * @param kind HPA or ScaledResource
   */
  public record Target(Kind kind, ResourceKey key) {}

  private final Map<ResourceKey, Set<Target>> targets = new ConcurrentHashMap<>();
  private final Map<Target, Set<ResourceKey>> schedules = new ConcurrentHashMap<>();

  /** Returns the target that a schedule names; empty when it names none of a known kind. */
  static Optional<Target> named(ScalingSchedule schedule) {
    ScalingSchedule.TargetRef ref = schedule.spec().targetRef();
    String name = ref == null ? null : ref.name();
    return name == null || name.isBlank()
        ? Optional.empty()
        : SchedulePlanner.kind(schedule)
            .map(kind -> new Target(kind, new ResourceKey(schedule.key().namespace(), name)));
  }

  /** Returns the targets that say that a schedule steers them. */
  Set<Target> targets(ResourceKey schedule) {
    return Set.copyOf(targets.getOrDefault(schedule, Set.of()));
  }

  /** Returns the schedules that name a target. */
  Set<ResourceKey> schedules(Target target) {
    return Set.copyOf(schedules.getOrDefault(target, Set.of()));
  }

  /** Returns the schedule that steers an HPA as it says itself. */
  static Optional<ResourceKey> steers(Hpa hpa) {
    return schedule(hpa.key().namespace(), Saved.in(hpa));
  }

  /** Returns the schedule that steers a ScaledResource as it says itself. */
  static Optional<ResourceKey> steers(ScaledResource resource) {
    return schedule(resource.key().namespace(), Saved.in(resource));
  }

  private static Optional<ResourceKey> schedule(String namespace, Optional<Saved> saved) {
    String prefix = SchedulePlanner.by("");
    return saved
        .map(Saved::by)
        .filter(by -> by.startsWith(prefix) && by.length() > prefix.length())
        .map(by -> new ResourceKey(namespace, by.substring(prefix.length())));
  }

  void hpa(@Nullable Hpa before, @Nullable Hpa after) {
    if (before != null) {
      steers(before).ifPresent(key -> remove(targets, key, new Target(Kind.HPA, before.key())));
    }
    if (after != null) {
      steers(after).ifPresent(key -> add(targets, key, new Target(Kind.HPA, after.key())));
    }
  }

  void resource(@Nullable ScaledResource before, @Nullable ScaledResource after) {
    if (before != null) {
      steers(before)
          .ifPresent(key -> remove(targets, key, new Target(Kind.RESOURCE, before.key())));
    }
    if (after != null) {
      steers(after).ifPresent(key -> add(targets, key, new Target(Kind.RESOURCE, after.key())));
    }
  }

  void schedule(@Nullable ScalingSchedule before, @Nullable ScalingSchedule after) {
    if (before != null) {
      named(before).ifPresent(target -> remove(schedules, target, before.key()));
    }
    if (after != null) {
      named(after).ifPresent(target -> add(schedules, target, after.key()));
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
