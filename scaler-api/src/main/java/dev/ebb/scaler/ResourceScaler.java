package dev.ebb.scaler;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads and sets replica counts: the one thing that the autoscaler (to sleep) and the gateway (to
 * wake) need from whatever runs the workloads.
 *
 * <p>Implementations are found by type through Spring component scanning; no annotation of Ebb's is
 * needed. Ebb brings one that drives every kind with a {@code scale} subresource; for each target
 * the first implementation (in Spring's order) whose {@link #drives} answers true is used, Ebb's
 * own last.
 *
 * <p>Implementations must be thread-safe. They may block in every method but {@link #drives}:
 * callers never call them on an event loop.
 */
public interface ResourceScaler {

  /**
   * Tells whether this implementation is the one for a target. Must not block and must always give
   * the same answer for the same target.
   *
   * @param target the target in question
   */
  boolean drives(ScaleTarget target);

  /**
   * Reads a target's scale live, never from a cache: destructive decisions stand on it.
   *
   * @param target a target that this implementation drives
   * @throws ScalerException if it cannot be read
   */
  Scale getScale(ScaleTarget target);

  /**
   * Sets a replica count. The future completes when the new count is accepted and durable (not when
   * pods are ready; who waits for readiness watches the pods), with the scale that was written. It
   * fails with a {@link ScalerException}; with {@link ScalerException.Kind#CONFLICT} when the
   * request names a version and the target has another. Cancelling the future gives the wait up;
   * the write may still happen. Setting the count that is already there succeeds and changes
   * nothing.
   *
   * @param request what is wanted
   */
  CompletableFuture<Scale> setScale(ScaleRequest request);

  /**
   * Lists the resources that this implementation knows of by itself (from a custom resource of its
   * own, say). Those that are up and may sleep; an error here keeps all of them up and touches
   * nobody else's. Default: none, users declare theirs as {@code ScaledResource} objects.
   *
   * @throws ScalerException if they cannot be listed
   */
  default List<ScalableResource> getResources() {
    return List.of();
  }

  /** Returns what should differ from the service's own configuration. Default: nothing. */
  default ScalerConfig getConfig() {
    return ScalerConfig.NONE;
  }

  /**
   * Names the host that answers for a resource once it is awake, for callers who route by name.
   * Empty: the gateway finds the pods of the resource's Services by itself. Default: empty.
   *
   * @param resource the resource
   * @throws ScalerException if it should have a name and none can be found
   */
  default Optional<String> resolveServiceName(ResourceKey resource) {
    return Optional.empty();
  }
}
