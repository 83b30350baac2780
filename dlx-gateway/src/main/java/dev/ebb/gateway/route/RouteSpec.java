package dev.ebb.gateway.route;

import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a ScaledResource says about its route.
 *
 * @param key the ScaledResource
 * @param uid its UID, so that a fence never meets a re-created namesake
 * @param target the workload to wake
 * @param wakeTimeout the longest wait of a held request
 * @param maxHeld how many requests may wait at once
 * @param replicas what it says of replica counts, null for nothing
 * @param remembered the count from before sleep, null when unknown
 * @param adoptZero whether a zero that somebody else wrote counts as asleep
 * @param paused whether Ebb must leave the workload alone
 * @param podSelector the target's own pod selector, which decides for kinds that are not built in;
 *     null when unknown
 */
public record RouteSpec(
    ResourceKey key,
    String uid,
    ScaleTarget target,
    Duration wakeTimeout,
    int maxHeld,
    ScaledResource.@Nullable Replicas replicas,
    @Nullable Integer remembered,
    boolean adoptZero,
    boolean paused,
    @Nullable String podSelector) {

  private static final Duration DEFAULT_WAKE_TIMEOUT = Duration.ofMinutes(5);
  private static final int DEFAULT_HELD = 1000;

  /** Reads a ScaledResource; null when it names no target. Unreadable values get their defaults. */
  public static @Nullable RouteSpec of(ScaledResource resource) {
    ScaleTarget target = resource.target();
    if (target == null) {
      return null;
    }
    ScaledResource.Limits limits = resource.spec().limits();
    Integer held = limits == null ? null : limits.held();
    return new RouteSpec(
        resource.key(),
        resource.metadata().uid(),
        target,
        Durations.parse(resource.spec().wakeTimeout()).orElse(DEFAULT_WAKE_TIMEOUT),
        held == null ? DEFAULT_HELD : Math.max(1, held),
        resource.spec().replicas(),
        resource.remembered(),
        Boolean.TRUE.equals(resource.spec().adoptZero()),
        resource.mode() == ScaledResource.Mode.Paused,
        resource.status().selector());
  }
}
