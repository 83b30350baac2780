package dev.ebb.autoscaler.history;

import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** EndpointSlices as their writers write them. */
final class Slices {

  private Slices() {}

  static String gatewayName(Service service) {
    return service.metadata().name() + "-ebb-ipv4";
  }

  static String controllerName(Service service) {
    return service.metadata().name() + "-k8s";
  }

  /** Returns the addresses that take new connections. */
  static List<String> addresses(EndpointSlice slice) {
    return slice.endpoints().stream()
        .filter(EndpointSlice.Endpoint::ready)
        .flatMap(e -> e.addresses().stream())
        .toList();
  }

  static void write(
      KubeClient client,
      Service service,
      String name,
      boolean gateway,
      List<String> addresses,
      boolean exists) {
    List<Map<String, Object>> endpoints = new ArrayList<>();
    addresses.forEach(a ->
        endpoints.add(
            Map.of("addresses", List.of(a), "conditions", Map.of("ready", true, "serving", true))));
    if (exists) {
      client.patch(
          EndpointSlice.TYPE,
          new ResourceKey(service.metadata().namespace(), name),
          null,
          KubeClient.PatchType.MERGE,
          Map.of("endpoints", endpoints));
      return;
    }
    List<Map<String, Object>> ports =
        service.spec().ports().stream()
            .map(p ->
                Map.<String, Object>of(
                    "name", p.name(), "port", gateway ? 10_000 + p.port() : p.port()))
            .toList();
    client.create(
        EndpointSlice.TYPE,
        service.metadata().namespace(),
        Map.of(
            "apiVersion",
            "discovery.k8s.io/v1",
            "kind",
            "EndpointSlice",
            "addressType",
            "IPv4",
            "metadata",
            Map.of(
                "name",
                name,
                "labels",
                Map.of(
                    EndpointSlice.SERVICE_LABEL,
                    service.metadata().name(),
                    EndpointSlice.MANAGED_BY_LABEL,
                    gateway ? EndpointSlice.MANAGED_BY_GATEWAY : "endpointslice-controller.k8s.io"),
                "ownerReferences",
                List.of(
                    Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Service",
                        "name",
                        service.metadata().name(),
                        "uid",
                        service.metadata().uid()))),
            "endpoints",
            endpoints,
            "ports",
            ports));
  }
}
