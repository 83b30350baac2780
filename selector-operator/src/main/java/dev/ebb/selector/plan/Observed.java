package dev.ebb.selector.plan;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a decision stands on: everything in the pool's namespace.
 *
 * @param pool what is asked for
 * @param pools all pools of the namespace, this one among them
 * @param services its Services
 * @param pods its pods
 * @param slices the slices that this service wrote in it
 * @param published the slices that Kubernetes writes for its headless Services
 * @param sets its StatefulSets
 * @param freeze what freezes it
 * @param contests which Services others changed lately, and how often that was mended
 * @param now the time
 */
public record Observed(
    Pool pool,
    List<Pool> pools,
    Collection<Service> services,
    Collection<Pod> pods,
    Collection<EndpointSlice> slices,
    Collection<EndpointSlice> published,
    Collection<Workload> sets,
    Optional<Freeze> freeze,
    Map<ResourceKey, Contest> contests,
    Instant now) {}
