package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.plan.GatewayView;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks from inside the cluster whether Ebb can work: what {@code helm test} runs. */
public final class Check {

  private final KubeClient client;
  private final ResourceKey gatewayService;
  private final @Nullable String namespace;
  private final InstantSource clock;
  private final Consumer<String> out;

  /**
   * Creates the check.
   *
   * @param namespace the only namespace to look at; null for all
   * @param out takes one line for each thing that was looked at
   */
  public Check(
      KubeClient client,
      ResourceKey gatewayService,
      @Nullable String namespace,
      InstantSource clock,
      Consumer<String> out) {
    this.client = client;
    this.gatewayService = gatewayService;
    this.namespace = namespace;
    this.clock = clock;
    this.out = out;
  }

  /** Looks; returns whether all is well. */
  public boolean run() {
    try {
      int resources = client.list(ScaledResource.TYPE, namespace, Map.of()).items().size();
      out.accept("ok: the API server answers, " + resources + " ScaledResources");
      GatewayView gateway =
          new GatewayWatch(clock)
              .see(
                  client
                      .list(
                          EndpointSlice.TYPE,
                          gatewayService.namespace(),
                          EndpointSlice.ofService(gatewayService.name()))
                      .items());
      int ready = gateway.readyAddresses().size();
      out.accept(
          ready > 0
              ? "ok: " + ready + " gateway replicas are ready"
              : "FAILED: no gateway replica is ready; look at the dlx-gateway pods");
      return ready > 0;
    } catch (KubeException e) {
      out.accept("FAILED: " + e.getMessage());
      return false;
    }
  }
}
