package dev.ebb.autoscaler.reconcile;

import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that the autoscaler watches. Thread-safe. */
public final class Lookout implements AutoCloseable {

  private final KubeClient client;
  private final @Nullable String namespace;
  private final InstantSource clock;
  private final Informer<ScaledResource> scaledResources;
  private final Informer<Service> services;
  private final Informer<Pod> pods;
  private final Informer<HorizontalPodAutoscaler> hpas;
  private final Informer<Workload> deployments;
  private final Informer<Workload> statefulSets;
  private final Informer<EndpointSlice> gatewaySlices;
  private final Informer<EndpointSlice> gatewayEndpoints;

  /**
   * Creates the informers; none is started.
   *
   * @param namespace the only namespace to look at; null for all
   * @param gatewayService the Service whose endpoints are the gateway's replicas
   */
  public Lookout(
      KubeClient client,
      @Nullable String namespace,
      ResourceKey gatewayService,
      InstantSource clock) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
    this.scaledResources = informer(ScaledResource.TYPE, Map.of());
    this.services = informer(Service.TYPE, Map.of());
    this.pods =
        informer(Pod.TYPE, Map.of("fieldSelector", "status.phase!=Succeeded,status.phase!=Failed"));
    this.hpas = informer(HorizontalPodAutoscaler.TYPE, Map.of());
    this.deployments = informer(Workload.DEPLOYMENT, Map.of());
    this.statefulSets = informer(Workload.STATEFUL_SET, Map.of());
    this.gatewaySlices = informer(EndpointSlice.TYPE, EndpointSlice.OF_GATEWAY);
    this.gatewayEndpoints =
        new Informer<>(
            client,
            EndpointSlice.TYPE,
            gatewayService.namespace(),
            EndpointSlice.ofService(gatewayService.name()),
            clock);
  }

  private <T extends KubeObject> Informer<T> informer(
      ResourceType<T> type, Map<String, String> selectors) {
    return new Informer<>(client, type, namespace, selectors, clock);
  }

  /** Returns the informer of ScaledResources. */
  public Informer<ScaledResource> scaledResources() {
    return scaledResources;
  }

  Informer<Service> services() {
    return services;
  }

  Informer<Pod> pods() {
    return pods;
  }

  Informer<HorizontalPodAutoscaler> hpas() {
    return hpas;
  }

  Informer<Workload> deployments() {
    return deployments;
  }

  Informer<Workload> statefulSets() {
    return statefulSets;
  }

  /** Returns the slices that the gateway writes. */
  Informer<EndpointSlice> gatewaySlices() {
    return gatewaySlices;
  }

  /** Returns the slices of the gateway's own Service. */
  Informer<EndpointSlice> gatewayEndpoints() {
    return gatewayEndpoints;
  }

  /** Returns the informer of a watched kind of workload, or null for all other kinds. */
  @Nullable Informer<Workload> workloads(String kind) {
    return switch (kind) {
      case "Deployment" -> deployments;
      case "StatefulSet" -> statefulSets;
      default -> null;
    };
  }

  /** Returns a workload of a watched kind as last seen. */
  Optional<Workload> workload(ScaleTarget target) {
    Informer<Workload> informer = target.group().equals("apps") ? workloads(target.kind()) : null;
    return informer == null ? Optional.empty() : informer.get(target.key());
  }

  /** Returns all informers. */
  public List<Informer<?>> informers() {
    return List.of(
        scaledResources,
        services,
        pods,
        hpas,
        deployments,
        statefulSets,
        gatewaySlices,
        gatewayEndpoints);
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
  }
}
