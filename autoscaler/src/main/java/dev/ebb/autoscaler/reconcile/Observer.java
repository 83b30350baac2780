package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.activity.ActivityHub;
import dev.ebb.autoscaler.apply.Sleeper;
import dev.ebb.autoscaler.plan.Observed;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers what a decision stands on: from the caches for what can be decided anew at any time, live
 * for what cannot be undone. Blocks. Thread-safe.
 */
public final class Observer implements Sleeper.LiveView {

  private final Lookout lookout;
  private final KubeClient client;
  private final ResourceKey gatewayService;
  private final GatewayWatch gateway;
  private final ActivityHub activity;
  private final Freezes freezes;
  private final InstantSource clock;
  private final TargetReader targets;

  /** Creates an observer. */
  public Observer(
      Lookout lookout,
      KubeClient client,
      ResourceScalers scalers,
      ResourceKey gatewayService,
      GatewayWatch gateway,
      ActivityHub activity,
      Freezes freezes,
      InstantSource clock) {
    this.lookout = lookout;
    this.client = client;
    this.gatewayService = gatewayService;
    this.gateway = gateway;
    this.activity = activity;
    this.freezes = freezes;
    this.clock = clock;
    this.targets = new TargetReader(client, scalers, lookout);
  }

  /** Gathers from the caches; only the target's scale is read live. */
  public Observed cached(ScaledResource resource) {
    String namespace = resource.metadata().namespace();
    return new Observed(
        resource,
        targets.read(resource.target(), false),
        lookout.services().inNamespace(namespace).toList(),
        lookout.pods().inNamespace(namespace).toList(),
        others(lookout.scaledResources().inNamespace(namespace).toList(), resource),
        lookout.hpas().inNamespace(namespace).toList(),
        lookout.gatewaySlices().inNamespace(namespace).toList(),
        gateway.see(lookout.gatewayEndpoints().list()),
        activity.view(),
        freezes.of(namespace),
        clock.instant());
  }

  /** Reads everything live, the slices of the endpointslice-controller too. */
  @Override
  public Optional<Observed> read(ScaledResource seen) {
    return client.find(ScaledResource.TYPE, seen.key()).map(this::live);
  }

  private Observed live(ScaledResource resource) {
    String namespace = resource.metadata().namespace();
    return new Observed(
        resource,
        targets.read(resource.target(), true),
        client.list(Service.TYPE, namespace, Map.of()).items(),
        client.list(Pod.TYPE, namespace, Map.of()).items(),
        others(client.list(ScaledResource.TYPE, namespace, Map.of()).items(), resource),
        client.list(HorizontalPodAutoscaler.TYPE, namespace, Map.of()).items(),
        client.list(EndpointSlice.TYPE, namespace, Map.of()).items(),
        gateway.see(gatewaySlices()),
        activity.view(),
        freezes.live(namespace),
        clock.instant());
  }

  private List<EndpointSlice> gatewaySlices() {
    return client
        .list(
            EndpointSlice.TYPE,
            gatewayService.namespace(),
            EndpointSlice.ofService(gatewayService.name()))
        .items();
  }

  private static List<ScaledResource> others(List<ScaledResource> all, ScaledResource own) {
    return all.stream()
        .filter(other -> !other.metadata().name().equals(own.metadata().name()))
        .toList();
  }
}
