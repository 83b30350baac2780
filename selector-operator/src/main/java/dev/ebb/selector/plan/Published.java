package dev.ebb.selector.plan;

import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pods Kubernetes itself has seen ready, as the slices of headless Services tell it.
 *
 * <p>The endpointslice-controller learns of a pod and of a Service's new selector by two watches.
 * When the selector arrives first, the Service has no ready endpoint for that moment, and
 * kube-proxy refuses whoever comes until it syncs again, a second later. A StatefulSet's own
 * headless Service shows that the controller knows.
 *
 * @param headless the headless Services that select pods, by name
 * @param serving the UIDs of the pods that are published as ready, by Service
 */
public record Published(Map<String, Service> headless, Map<String, Set<String>> serving) {

  /**
   * Reads slices.
   *
   * @param services all Services of a namespace
   * @param slices what the endpointslice-controller publishes of the headless ones
   */
  public static Published of(Collection<Service> services, Collection<EndpointSlice> slices) {
    Map<String, Service> headless =
        services.stream()
            .filter(s -> s.headless() && !s.spec().selector().isEmpty())
            .collect(Collectors.toMap(s -> s.metadata().name(), s -> s));
    Map<String, Set<String>> serving = new HashMap<>();
    for (EndpointSlice slice : slices) {
      serving.computeIfAbsent(slice.serviceName(), name -> new TreeSet<>()).addAll(serving(slice));
    }
    return new Published(headless, serving);
  }

  /** Returns the UIDs of the pods that a slice publishes as ready, on their way out or not. */
  public static Set<String> serving(EndpointSlice slice) {
    return slice.endpoints().stream()
        .filter(EndpointSlice.Endpoint::serving)
        .map(EndpointSlice.Endpoint::targetRef)
        .filter(ref -> ref != null && ref.uid() != null)
        .map(EndpointSlice.TargetRef::uid)
        .collect(Collectors.toSet());
  }

  /**
   * Returns whether a ready pod is still to be published; false where nothing tells.
   *
   * @param set its StatefulSet, whose {@code serviceName} tells; null for none
   */
  public boolean awaits(Pod pod, @Nullable Workload set) {
    String name = set == null ? null : set.spec().serviceName();
    Service governing = name == null ? null : headless.get(name);
    return governing != null
        && governing.selects(pod.metadata().labels())
        && !serving
            .getOrDefault(governing.metadata().name(), Set.of())
            .contains(pod.metadata().uid());
  }
}
