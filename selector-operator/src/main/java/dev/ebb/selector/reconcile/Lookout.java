package dev.ebb.selector.reconcile;

import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.plan.Contest;
import dev.ebb.selector.plan.Observed;
import dev.ebb.selector.plan.Pool;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that the selector-operator watches, and the pools that it finds. Thread-safe. */
public final class Lookout implements AutoCloseable {

  private final Informer<ServicePool> pools;
  private final Informer<Service> services;
  private final Informer<Pod> pods;
  private final Informer<Workload> sets;
  private final Informer<EndpointSlice> slices;
  private final Informer<EndpointSlice> published;
  private final @Nullable Pool environment;
  private final InstantSource clock;

  /**
   * Creates the informers; none is started.
   *
   * @param namespace the only namespace to look at; null for all
   * @param environment the pool that 3S's variables describe; null for none
   */
  public Lookout(
      KubeClient client,
      @Nullable String namespace,
      @Nullable Pool environment,
      InstantSource clock) {
    this.pools = new Informer<>(client, ServicePool.TYPE, namespace, Map.of(), clock);
    this.services = new Informer<>(client, Service.TYPE, namespace, Map.of(), clock);
    this.pods = new Informer<>(client, Pod.TYPE, namespace, Map.of(), clock);
    this.sets = new Informer<>(client, Workload.STATEFUL_SET, namespace, Map.of(), clock);
    this.slices =
        new Informer<>(
            client,
            EndpointSlice.TYPE,
            namespace,
            Map.of("labelSelector", EndpointSlice.MANAGED_BY_LABEL + "=" + Marks.SLICES),
            clock);
    this.published =
        new Informer<>(
            client,
            EndpointSlice.TYPE,
            namespace,
            Map.of("labelSelector", EndpointSlice.HEADLESS_OF_KUBERNETES),
            clock);
    this.environment = environment;
    this.clock = clock;
  }

  /** Returns the informer of ServicePools. */
  public Informer<ServicePool> pools() {
    return pools;
  }

  /** Returns the informer of Services. */
  public Informer<Service> services() {
    return services;
  }

  /** Returns the informer of pods. */
  public Informer<Pod> pods() {
    return pods;
  }

  /** Returns the informer of StatefulSets. */
  public Informer<Workload> sets() {
    return sets;
  }

  /** Returns the informer of the slices that this service writes. */
  public Informer<EndpointSlice> slices() {
    return slices;
  }

  /** Returns the informer of the slices that Kubernetes writes for headless Services. */
  public Informer<EndpointSlice> published() {
    return published;
  }

  /** Returns all pools that are not about to go. */
  public Stream<Pool> all() {
    return Stream.concat(
        Optional.ofNullable(environment).stream(),
        pools.list().stream()
            .filter(p -> !p.metadata().deleting())
            .filter(p -> environment == null || !p.key().equals(environment.key()))
            .map(Pool::of));
  }

  /** Finds a pool. */
  public Optional<Pool> pool(ResourceKey key) {
    return all().filter(p -> p.key().equals(key)).findFirst();
  }

  /** Puts together what a decision stands on. */
  public Observed observe(Pool pool, Freezes freezes, Map<ResourceKey, Contest> contests) {
    String namespace = pool.key().namespace();
    return new Observed(
        pool,
        all().filter(p -> p.key().namespace().equals(namespace)).toList(),
        services.inNamespace(namespace).toList(),
        pods.inNamespace(namespace).toList(),
        slices.inNamespace(namespace).toList(),
        published.inNamespace(namespace).toList(),
        sets.inNamespace(namespace).toList(),
        freezes.of(namespace),
        contests,
        clock.instant());
  }

  /** Returns the Services that a pool has written. */
  Stream<Service> marked(ResourceKey pool) {
    return services
        .inNamespace(pool.namespace())
        .filter(s -> pool.name().equals(s.metadata().annotations().get(Marks.POOL)));
  }

  /** Returns the slices that a pool has written. */
  Stream<EndpointSlice> slices(ResourceKey pool) {
    return slices
        .inNamespace(pool.namespace())
        .filter(s -> pool.name().equals(s.metadata().labels().get(Marks.POOL)));
  }

  /** Returns all informers. */
  public List<Informer<?>> informers() {
    return List.of(pools, services, pods, sets, slices, published);
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
  }
}
