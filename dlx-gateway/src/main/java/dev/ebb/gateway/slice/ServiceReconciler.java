package dev.ebb.gateway.slice;

import dev.ebb.gateway.proxy.PortListeners;
import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.RouteTable;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.ScaledResource.MappedPort;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Leads one Service's traffic to the gateway: allocates a gateway port for each of its ports, opens
 * it, and publishes Ebb's own EndpointSlices. Every replica does this for every Service and writes
 * the same, so there is no leader and any replica may be gone. A Service that is no longer served
 * loses its slices and, a while later, its listeners.
 */
public final class ServiceReconciler implements Reconciler<ResourceKey> {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
  private static final Duration NOT_REACHABLE = Duration.ofMillis(200);
  private static final Duration LINGER = Duration.ofSeconds(30);
  private static final int CONNECT_MILLIS = 500;

  private record Opened(String serviceUid, Set<Integer> ports) {}

  private final RouteTable routes;
  private final Informer<Service> services;
  private final Informer<EndpointSlice> ownSlices;
  private final Informer<EndpointSlice> gatewayEndpoints;
  private final PortAllocator ports;
  private final PortListeners listeners;
  private final ObjectWriter writer;
  private final EventRecorder events;
  private final Map<ResourceKey, Opened> opened = new ConcurrentHashMap<>();
  private final Map<ResourceKey, Long> leavingSince = new ConcurrentHashMap<>();

  /**
   * Creates the reconciler.
   *
   * @param ownSlices Ebb's slices in all namespaces
   * @param gatewayEndpoints the slices of the gateway's own Service: its replicas
   */
  public ServiceReconciler(
      RouteTable routes,
      Informer<Service> services,
      Informer<EndpointSlice> ownSlices,
      Informer<EndpointSlice> gatewayEndpoints,
      PortAllocator ports,
      PortListeners listeners,
      ObjectWriter writer,
      EventRecorder events) {
    this.routes = routes;
    this.services = services;
    this.ownSlices = ownSlices;
    this.gatewayEndpoints = gatewayEndpoints;
    this.ports = ports;
    this.listeners = listeners;
    this.writer = writer;
    this.events = events;
  }

  @Override
  public Result reconcile(ResourceKey key) {
    Service service = services.get(key).orElse(null);
    RouteTable.Mapping mapping = routes.mapping(key).orElse(null);
    if (service == null || mapping == null || service.metadata().deleting()) {
      return leave(key);
    }
    leavingSince.remove(key);
    Map<String, Integer> gatewayPorts = open(service, mapping);
    return gatewayPorts.isEmpty() ? Result.after(LOOK_AGAIN) : publish(service, gatewayPorts);
  }

  /** Returns whether every served Service has its listeners open. */
  public boolean listening() {
    return opened
        .keySet()
        .containsAll(
            routes.servedServices().stream().filter(s -> services.get(s).isPresent()).toList());
  }

  private Map<String, Integer> open(Service service, RouteTable.Mapping mapping) {
    Map<String, Integer> gatewayPorts = new HashMap<>();
    String uid = service.metadata().uid();
    for (Service.Port port : service.spec().ports()) {
      if (!wakeable(mapping, port)) {
        continue;
      }
      OptionalInt number = ports.allocate(uid, port.name());
      if (number.isEmpty()) {
        events.warning(
            EventRecorder.Subject.of(Service.TYPE, service),
            "NoGatewayPort",
            "All gateway ports are taken, so port "
                + port.name()
                + " stays without one; remove ScaledResources that are not needed");
        continue;
      }
      listeners.open(
          number.getAsInt(),
          mapping.route(),
          new Route.Port(service.metadata().name(), port.name(), port.target()));
      gatewayPorts.put(port.name(), number.getAsInt());
    }
    Opened before = opened.put(service.key(), new Opened(uid, Set.copyOf(gatewayPorts.values())));
    if (before != null) {
      before.ports().stream().filter(p -> !gatewayPorts.containsValue(p)).forEach(listeners::close);
    }
    return gatewayPorts;
  }

  private static boolean wakeable(RouteTable.Mapping mapping, Service.Port port) {
    List<MappedPort> mapped = mapping.service().ports();
    return port.protocol().equals("TCP")
        && (mapped == null
            || mapped.stream().anyMatch(m -> m.name().equals(port.name()) && m.wakeable()));
  }

  private Result publish(Service service, Map<String, Integer> gatewayPorts) {
    List<EndpointSlice> live = ownSlicesOf(service.key());
    Set<String> unreachable = new HashSet<>();
    List<SlicePlan.Desired> desired =
        SlicePlan.plan(
            service,
            List.copyOf(gatewayEndpoints.list()),
            gatewayPorts,
            live,
            address -> {
              boolean ok = gatewayPorts.values().stream().allMatch(p -> accepts(address, p));
              if (!ok) {
                unreachable.add(address);
              }
              return ok;
            });
    Set<String> names = new HashSet<>();
    for (SlicePlan.Desired slice : desired) {
      names.add(slice.name());
      EndpointSlice before =
          live.stream()
              .filter(s -> s.metadata().name().equals(slice.name()))
              .findFirst()
              .orElse(null);
      if (before == null || !SlicePlan.same(before, slice)) {
        write(service, slice, before);
      }
    }
    // An empty plan means that no replica is ready: better an old slice than none at all.
    if (!desired.isEmpty()) {
      live.stream()
          .filter(s -> !names.contains(s.metadata().name()))
          .forEach(s -> writer.delete(EndpointSlice.TYPE, s.metadata()));
    }
    return Result.after(unreachable.isEmpty() ? LOOK_AGAIN : NOT_REACHABLE);
  }

  private void write(Service service, SlicePlan.Desired slice, @Nullable EndpointSlice before) {
    ObjectNode body = body(service, slice);
    if (before == null) {
      try {
        writer.create(EndpointSlice.TYPE, service.metadata().namespace(), body);
      } catch (KubeException e) {
        // Another replica was quicker; what it wrote comes back through the watch.
        if (!e.conflict()) {
          throw e;
        }
      }
      return;
    }
    if (!before.addressType().equals(slice.addressType())) {
      writer.delete(EndpointSlice.TYPE, before.metadata());
      return;
    }
    body.remove("addressType");
    writer.patch(EndpointSlice.TYPE, before.metadata(), null, body);
  }

  private ObjectNode body(Service service, SlicePlan.Desired slice) {
    ObjectNode body = writer.node();
    body.put("apiVersion", EndpointSlice.TYPE.apiVersion()).put("kind", EndpointSlice.TYPE.kind());
    ObjectNode meta = body.putObject("metadata");
    meta.put("name", slice.name()).put("namespace", service.metadata().namespace());
    meta.putObject("labels")
        .put(EndpointSlice.SERVICE_LABEL, service.metadata().name())
        .put(EndpointSlice.MANAGED_BY_LABEL, EndpointSlice.MANAGED_BY_GATEWAY);
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "Service")
        .put("name", service.metadata().name())
        .put("uid", service.metadata().uid());
    body.put("addressType", slice.addressType());
    ArrayNode endpoints = body.putArray("endpoints");
    slice.endpoints().forEach(e -> endpoint(endpoints.addObject(), e));
    ArrayNode slicePorts = body.putArray("ports");
    for (EndpointSlice.Port port : slice.ports()) {
      ObjectNode node = slicePorts.addObject();
      node.put("name", port.name()).put("port", port.port()).put("protocol", port.protocol());
      if (port.appProtocol() != null) {
        node.put("appProtocol", port.appProtocol());
      }
    }
    return body;
  }

  private static void endpoint(ObjectNode node, EndpointSlice.Endpoint endpoint) {
    ArrayNode addresses = node.putArray("addresses");
    endpoint.addresses().forEach(addresses::add);
    EndpointSlice.Conditions conditions = Objects.requireNonNull(endpoint.conditions());
    node.putObject("conditions")
        .put("ready", conditions.ready())
        .put("serving", conditions.serving())
        .put("terminating", conditions.terminating());
    if (endpoint.nodeName() != null) {
      node.put("nodeName", endpoint.nodeName());
    }
    if (endpoint.zone() != null) {
      node.put("zone", endpoint.zone());
    }
  }

  /** Takes a Service out: slices at once, listeners when nobody can still be on the way to them. */
  private Result leave(ResourceKey key) {
    ownSlicesOf(key).forEach(slice -> writer.delete(EndpointSlice.TYPE, slice.metadata()));
    Opened before = opened.get(key);
    if (before == null) {
      return Result.DONE;
    }
    long since = leavingSince.computeIfAbsent(key, k -> System.nanoTime());
    long left = LINGER.toNanos() - (System.nanoTime() - since);
    if (left > 0) {
      return Result.after(Duration.ofNanos(left));
    }
    leavingSince.remove(key);
    opened.remove(key);
    before.ports().forEach(listeners::close);
    ports.release(before.serviceUid());
    return Result.DONE;
  }

  private List<EndpointSlice> ownSlicesOf(ResourceKey service) {
    return ownSlices
        .inNamespace(service.namespace())
        .filter(s -> s.ofGateway() && s.serviceName().equals(service.name()))
        .toList();
  }

  private static boolean accepts(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
