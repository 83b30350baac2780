package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.freeze.Stance;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that one decision stands on.
 *
 * @param resource the resource that is decided on
 * @param target its target
 * @param services the Services of its namespace
 * @param pods the pods of its namespace (at least those that its Services select)
 * @param others the other ScaledResources of its namespace
 * @param hpas the HPAs of its namespace
 * @param slices the gateway's own EndpointSlices of its namespace
 * @param gateway the gateway's replicas
 * @param activity what they said
 * @param freeze what freezes its namespace
 * @param now the time of the decision
 */
public record Observed(
    ScaledResource resource,
    TargetView target,
    List<Service> services,
    List<Pod> pods,
    List<ScaledResource> others,
    List<HorizontalPodAutoscaler> hpas,
    List<EndpointSlice> slices,
    GatewayView gateway,
    ActivityView activity,
    Optional<Freeze> freeze,
    Instant now) {

  /** Copies the lists. */
  public Observed {
    services = List.copyOf(services);
    pods = List.copyOf(pods);
    others = List.copyOf(others);
    hpas = List.copyOf(hpas);
    slices = List.copyOf(slices);
  }

  /** Returns how Ebb stands towards the resource now. */
  public Stance stance() {
    return Stance.of(resource.mode(), freeze);
  }
}
