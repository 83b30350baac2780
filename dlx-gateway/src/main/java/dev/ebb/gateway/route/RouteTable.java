package dev.ebb.gateway.route;

import dev.ebb.gateway.wake.WakeProblem;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All routes of this replica, kept in step with the ScaledResources, Services and pods that the
 * informers show, and the backends of each Service port, computed when something changes and not
 * when a request comes. Thread-safe.
 */
public final class RouteTable {

  /** A Service that the gateway serves: its route and the ports that the autoscaler mapped. */
  public record Mapping(Route route, MappedService service) {}

  /** Says whether a pod counts as ready although the kubelet has not said so yet. */
  @FunctionalInterface
  public interface EarlyReadiness {
    /** Returns whether the pod passed its own readiness probe, run by the gateway. */
    boolean passed(Pod pod);
  }

  private static final class Entry {
    private final Route route;
    private volatile List<MappedService> services = List.of();
    private volatile Map<Route.Port, List<Backend>> backends = new ConcurrentHashMap<>();

    private Entry(Route route) {
      this.route = route;
    }
  }

  private final Informer<Service> services;
  private final Informer<Pod> pods;
  private final Function<RouteSpec, Route> factory;
  private final EarlyReadiness early;
  private final Map<ResourceKey, Entry> entries = new ConcurrentHashMap<>();
  private final Map<ResourceKey, ScaledResource> resources = new ConcurrentHashMap<>();

  /**
   * Creates an empty table.
   *
   * @param factory makes the route of a new ScaledResource
   * @param early asked for pods that the kubelet does not call ready
   */
  public RouteTable(
      Informer<Service> services,
      Informer<Pod> pods,
      Function<RouteSpec, Route> factory,
      EarlyReadiness early) {
    this.services = services;
    this.pods = pods;
    this.factory = factory;
    this.early = early;
  }

  /**
   * Takes a change of a ScaledResource.
   *
   * @param touched is told of every Service whose mapping may be another one now
   */
  public void onScaledResource(
      Informer.Change<ScaledResource> change, Consumer<ResourceKey> touched) {
    ScaledResource after = change.after();
    ResourceKey key = change.any().key();
    RouteSpec spec = after == null ? null : RouteSpec.of(after);
    Set<ResourceKey> affected = new HashSet<>();
    if (change.before() != null) {
      change.before().mappedServices().forEach(s -> affected.add(serviceKey(key, s)));
    }
    if (after == null || spec == null || !served(after)) {
      remove(key);
    } else {
      resources.put(key, after);
      Entry entry =
          entries.compute(
              key,
              (k, old) ->
                  old != null && old.route.spec().uid().equals(spec.uid())
                      ? old
                      : new Entry(factory.apply(spec)));
      entry.route.update(spec);
      entry.services = after.mappedServices();
      invalidate(entry);
      after.mappedServices().forEach(s -> affected.add(serviceKey(key, s)));
    }
    affected.forEach(touched);
  }

  private static boolean served(ScaledResource resource) {
    // Only the autoscaler knows when a Service can do without the gateway.
    return !resource.mappedServices().isEmpty();
  }

  /**
   * Who is still on the way here, or waits, is served by the pods as before until the port closes.
   */
  private void remove(ResourceKey key) {
    resources.remove(key);
    Entry gone = entries.remove(key);
    if (gone != null) {
      gone.route.withdraw();
    }
  }

  private static ResourceKey serviceKey(ResourceKey resource, MappedService service) {
    return new ResourceKey(resource.namespace(), service.name());
  }

  /** Takes a change of a Service: its selector or ports may be others now. */
  public void onService(Informer.Change<Service> change) {
    String namespace = change.any().metadata().namespace();
    forNamespace(namespace, this::invalidate);
  }

  /** Takes a change of a pod; those who wait are released where it made the difference. */
  public void onPod(Informer.Change<Pod> change) {
    forNamespace(
        change.any().metadata().namespace(),
        entry -> {
          if (concerns(entry, change.any())) {
            invalidate(entry);
          }
        });
  }

  private boolean concerns(Entry entry, Pod pod) {
    return entry.services.stream()
        .map(s -> services.get(serviceKey(entry.route.spec().key(), s)).orElse(null))
        .anyMatch(s -> s != null && s.selects(pod.metadata().labels()));
  }

  /** Looks anew at a route's pods, after something the informers do not show. */
  public void refresh(Route route) {
    Entry entry = entries.get(route.spec().key());
    if (entry != null) {
      invalidate(entry);
    }
  }

  private void invalidate(Entry entry) {
    entry.backends = new ConcurrentHashMap<>();
    entry.route.release();
  }

  private void forNamespace(String namespace, Consumer<Entry> action) {
    for (Map.Entry<ResourceKey, Entry> entry : entries.entrySet()) {
      if (entry.getKey().namespace().equals(namespace)) {
        action.accept(entry.getValue());
      }
    }
  }

  /** Returns the ready backends of a port. */
  public List<Backend> backends(Route route, Route.Port port) {
    Entry entry = entries.get(route.spec().key());
    return entry == null || entry.route != route
        ? computeBackends(route, port)
        : entry.backends.computeIfAbsent(port, p -> computeBackends(route, p));
  }

  private List<Backend> computeBackends(Route route, Route.Port port) {
    return Backends.of(
        podsOf(route, port.service()),
        port.target(),
        pod -> pod.ready() || (!pod.metadata().deleting() && early.passed(pod)));
  }

  /** Returns the pods that may get a route's traffic through one of its Services. */
  public List<Pod> podsOf(Route route, String serviceName) {
    ResourceKey key = route.spec().key();
    return services
        .get(new ResourceKey(key.namespace(), serviceName))
        .map(service ->
            pods.inNamespace(key.namespace())
                .filter(pod ->
                    Backends.belongs(
                        pod, service, route.spec().target(), route.spec().podSelector()))
                .toList())
        .orElse(List.of());
  }

  /** Returns all pods of a route, whichever Service they are behind. */
  public List<Pod> podsOf(Route route) {
    Entry entry = entries.get(route.spec().key());
    if (entry == null) {
      return List.of();
    }
    return entry.services.stream()
        .flatMap(s -> podsOf(route, s.name()).stream())
        .distinct()
        .toList();
  }

  /** Finds the route of a ScaledResource. */
  public Optional<Route> find(ResourceKey resource) {
    return Optional.ofNullable(entries.get(resource)).map(e -> e.route);
  }

  /** Finds the ScaledResource of a route as last seen. */
  public Optional<ScaledResource> resource(ResourceKey key) {
    return Optional.ofNullable(resources.get(key));
  }

  /** Finds who serves a Service; of several the ScaledResource first by name. */
  public Optional<Mapping> mapping(ResourceKey service) {
    return entries.entrySet().stream()
        .filter(e -> e.getKey().namespace().equals(service.namespace()))
        .sorted(Map.Entry.comparingByKey())
        .flatMap(e ->
            e.getValue().services.stream()
                .filter(s -> s.name().equals(service.name()))
                .map(s -> new Mapping(e.getValue().route, s)))
        .findFirst();
  }

  /** Returns all Services that are served. */
  public Set<ResourceKey> servedServices() {
    Set<ResourceKey> all = new HashSet<>();
    entries.forEach((key, entry) -> entry.services.forEach(s -> all.add(serviceKey(key, s))));
    return all;
  }

  /** Returns all routes. */
  public Collection<Route> routes() {
    return entries.values().stream().map(e -> e.route).toList();
  }

  /** Finds what stands in the way of a route's pods. */
  public Optional<WakeProblem> problem(Route route, List<Condition> targetConditions) {
    return WakeProblem.of(podsOf(route), targetConditions);
  }
}
