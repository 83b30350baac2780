package dev.ebb.gateway.config;

import dev.ebb.runtime.config.RuntimeProperties;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Everything that the gateway watches. Thread-safe. */
final class Lookout implements AutoCloseable {

  private final Informer<ScaledResource> scaledResources;
  private final Informer<Service> services;
  private final Informer<Pod> pods;
  private final Informer<EndpointSlice> ownSlices;
  private final Informer<EndpointSlice> gatewayEndpoints;

  Lookout(
      KubeClient client, RuntimeProperties runtime, String gatewayService, InstantSource clock) {
    String namespace = runtime.watchedNamespace();
    this.scaledResources = new Informer<>(client, ScaledResource.TYPE, namespace, Map.of(), clock);
    this.services = new Informer<>(client, Service.TYPE, namespace, Map.of(), clock);
    this.pods =
        new Informer<>(
            client,
            Pod.TYPE,
            namespace,
            Map.of("fieldSelector", "status.phase!=Succeeded,status.phase!=Failed"),
            clock);
    this.ownSlices =
        new Informer<>(client, EndpointSlice.TYPE, namespace, EndpointSlice.OF_GATEWAY, clock);
    this.gatewayEndpoints = gatewayEndpoints(client, runtime, gatewayService, clock);
  }

  private static Informer<EndpointSlice> gatewayEndpoints(
      KubeClient client, RuntimeProperties runtime, String gatewayService, InstantSource clock) {
    return new Informer<>(
        client,
        EndpointSlice.TYPE,
        runtime.pod().namespace(),
        EndpointSlice.ofService(gatewayService),
        clock);
  }

  Informer<ScaledResource> scaledResources() {
    return scaledResources;
  }

  Informer<Service> services() {
    return services;
  }

  Informer<Pod> pods() {
    return pods;
  }

  Informer<EndpointSlice> ownSlices() {
    return ownSlices;
  }

  Informer<EndpointSlice> gatewayEndpoints() {
    return gatewayEndpoints;
  }

  List<Informer<?>> informers() {
    return List.of(scaledResources, services, pods, ownSlices, gatewayEndpoints);
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
  }
}
