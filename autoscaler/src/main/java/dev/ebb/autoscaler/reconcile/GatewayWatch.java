package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.plan.GatewayView;
import dev.ebb.runtime.model.EndpointSlice;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the gateway's replicas from the slices of its Service, and remembers since when one or none
 * has been ready. A restart forgets that, which only makes the next change come later. Thread-safe.
 */
public final class GatewayWatch {

  private final InstantSource clock;
  private boolean ready;
  private Instant since;

  /** Creates a watch that has seen no replica since now. */
  public GatewayWatch(InstantSource clock) {
    this.clock = clock;
    this.since = clock.instant();
  }

  /**
   * Returns the replicas, and notes whether one is ready.
   *
   * @param slices the slices of the gateway's Service
   */
  public synchronized GatewayView see(Collection<EndpointSlice> slices) {
    List<GatewayView.Replica> replicas = replicas(slices);
    boolean now = replicas.stream().anyMatch(GatewayView.Replica::ready);
    if (now != ready) {
      ready = now;
      since = clock.instant();
    }
    return new GatewayView(replicas, ready ? since : null, ready ? null : since);
  }

  /** A replica with addresses of two families is one: IPv4 first. */
  private static List<GatewayView.Replica> replicas(Collection<EndpointSlice> slices) {
    List<GatewayView.Replica> replicas = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    slices.stream()
        .sorted(Comparator.comparing(EndpointSlice::addressType))
        .flatMap(slice -> slice.endpoints().stream())
        .filter(endpoint -> !endpoint.addresses().isEmpty() && seen.add(identity(endpoint)))
        .map(endpoint ->
            new GatewayView.Replica(
                endpoint.addresses().getFirst(), endpoint.ready(), endpoint.terminating()))
        .forEach(replicas::add);
    return replicas;
  }

  private static String identity(EndpointSlice.Endpoint endpoint) {
    EndpointSlice.TargetRef pod = endpoint.targetRef();
    String uid = pod == null ? null : pod.uid();
    return uid == null ? endpoint.addresses().getFirst() : uid;
  }
}
