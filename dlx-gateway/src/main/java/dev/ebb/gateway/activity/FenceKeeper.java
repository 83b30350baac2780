package dev.ebb.gateway.activity;

import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.RouteTable;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScalerException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises and lowers fences for the autoscaler, and takes care of those that it forgot: when a
 * fence's time has passed, the workload's scale decides. Thread-safe.
 */
public final class FenceKeeper {

  private static final Logger log = LoggerFactory.getLogger(FenceKeeper.class);
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private final RouteTable routes;
  private final ResourceScalers scalers;
  private final ExecutorService executor;

  /**
   * Creates a keeper.
   *
   * @param executor waits for fences to run out; virtual threads
   */
  public FenceKeeper(RouteTable routes, ResourceScalers scalers, ExecutorService executor) {
    this.routes = routes;
    this.scalers = scalers;
    this.executor = executor;
  }

  /**
   * Raises a fence.
   *
   * @param ttl at most 15 s
   * @return null when granted, otherwise why not
   */
  public @Nullable String raise(ResourceKey resource, String uid, Duration ttl) {
    Optional<Route> route = routes.find(resource);
    if (route.isEmpty()) {
      return "not served here yet";
    }
    Duration bounded = ttl.compareTo(LONGEST) > 0 ? LONGEST : ttl;
    String refusal = route.get().raiseFence(uid, bounded);
    if (refusal == null) {
      executor.execute(() -> watch(route.get(), bounded));
    }
    return refusal;
  }

  /** Lowers a fence because the workload was put to sleep, or because it was not. */
  public void lower(ResourceKey resource, boolean slept) {
    routes.find(resource).ifPresent(route -> lower(route, slept));
  }

  private void lower(Route route, boolean slept) {
    if (!route.fenced()) {
      return;
    }
    if (slept) {
      Set<String> pods =
          routes.podsOf(route).stream()
              .map(Pod::metadata)
              .map(meta -> meta.uid())
              .collect(Collectors.toSet());
      route.sleep(pods);
    } else {
      route.cancelFence();
    }
  }

  private void watch(Route route, Duration ttl) {
    try {
      TimeUnit.NANOSECONDS.sleep(ttl.toNanos());
      while (route.fenceExpired()) {
        try {
          boolean slept =
              scalers.of(route.spec().target()).getScale(route.spec().target()).desired() == 0;
          log.info(
              "fence of {} ran out, the workload {}",
              route.spec().key(),
              slept ? "sleeps" : "is up");
          lower(route, slept);
        } catch (ScalerException e) {
          if (!e.retryable()) {
            route.cancelFence();
          }
          TimeUnit.MILLISECONDS.sleep(200);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
