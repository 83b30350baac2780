package dev.ebb.gateway.slice;

import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Computes the EndpointSlices that lead a Service's traffic to the gateway: one for each address
 * family that the Service and the gateway share. Pure.
 */
final class SlicePlan {

  /** A slice as it should be. */
  record Desired(
      String name,
      String addressType,
      List<EndpointSlice.Endpoint> endpoints,
      List<EndpointSlice.Port> ports) {}

  private SlicePlan() {}

  /**
   * Computes the gateway's slices of a Service.
   *
   * @param gateway the gateway Service's own slices
   * @param ports gateway port by Service port name
   * @param live Ebb's slices of the Service as they are: a replica that is ready there stays so
   *     while the gateway's own endpoints say it is ready
   * @param reachable whether a connection to all of this Service's ports of a replica succeeds
   */
  static List<Desired> plan(
      Service service,
      List<EndpointSlice> gateway,
      Map<String, Integer> ports,
      List<EndpointSlice> live,
      Predicate<String> reachable) {
    List<String> families =
        service.spec().ipFamilies().isEmpty() ? List.of("IPv4") : service.spec().ipFamilies();
    List<EndpointSlice.Port> slicePorts = slicePorts(service, ports);
    List<Desired> slices = new ArrayList<>();
    for (String family : families) {
      List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
      Set<String> readyBefore = readyAddresses(live, slicePorts);
      for (EndpointSlice slice : gateway) {
        if (slice.addressType().equals(family)) {
          slice.endpoints().stream()
              .map(e -> endpoint(e, readyBefore, reachable))
              .filter(e -> e != null)
              .forEach(endpoints::add);
        }
      }
      endpoints.sort(Comparator.comparing(e -> e.addresses().getFirst()));
      if (!endpoints.isEmpty()) {
        slices.add(new Desired(name(service, family), family, endpoints, slicePorts));
      }
    }
    return slices;
  }

  /** Returns the name of a Service's slice of a family. */
  static String name(Service service, String family) {
    String base = service.metadata().name();
    String suffix = "-ebb-" + family.toLowerCase(java.util.Locale.ROOT);
    // Names may have 253 characters; Service names have at most 63.
    return base + suffix;
  }

  private static EndpointSlice.@Nullable Endpoint endpoint(
      EndpointSlice.Endpoint replica, Set<String> readyBefore, Predicate<String> reachable) {
    if (replica.addresses().isEmpty()) {
      return null;
    }
    String address = replica.addresses().getFirst();
    boolean ready =
        replica.ready()
            && !replica.terminating()
            && (readyBefore.contains(address) || reachable.test(address));
    if (!ready && !replica.terminating()) {
      return null;
    }
    boolean serving =
        ready
            || (replica.conditions() != null
                && Boolean.TRUE.equals(replica.conditions().serving())
                && readyBefore.contains(address) | replica.terminating());
    return new EndpointSlice.Endpoint(
        List.of(address),
        new EndpointSlice.Conditions(ready, serving, replica.terminating()),
        replica.nodeName(),
        replica.zone(),
        null);
  }

  private static List<EndpointSlice.Port> slicePorts(Service service, Map<String, Integer> ports) {
    return service.spec().ports().stream()
        .filter(p -> p.protocol().equals("TCP") && ports.containsKey(p.name()))
        .map(p ->
            new EndpointSlice.Port(p.name(), ports.get(p.name()), p.protocol(), p.appProtocol()))
        .toList();
  }

  private static Set<String> readyAddresses(
      List<EndpointSlice> live, List<EndpointSlice.Port> ports) {
    Set<String> ready = new HashSet<>();
    for (EndpointSlice slice : live) {
      // Other ports were published: what was reachable then says nothing about these.
      if (numbers(slice.ports()).equals(numbers(ports))) {
        slice.endpoints().stream()
            .filter(EndpointSlice.Endpoint::ready)
            .forEach(e -> ready.addAll(e.addresses()));
      }
    }
    return ready;
  }

  private static Set<Integer> numbers(List<EndpointSlice.Port> ports) {
    Set<Integer> numbers = new HashSet<>();
    for (EndpointSlice.Port port : ports) {
      Integer number = port.port();
      if (number != null) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** Returns whether a slice is already as desired. */
  static boolean same(EndpointSlice live, Desired desired) {
    return live.addressType().equals(desired.addressType())
        && live.endpoints().stream()
            .map(SlicePlan::essence)
            .toList()
            .equals(desired.endpoints().stream().map(SlicePlan::essence).toList())
        && live.ports().stream()
            .map(SlicePlan::essence)
            .toList()
            .equals(desired.ports().stream().map(SlicePlan::essence).toList());
  }

  private static String essence(EndpointSlice.Endpoint e) {
    EndpointSlice.Conditions c = e.conditions();
    return e.addresses()
        + " "
        + e.ready()
        + " "
        + (c != null && Boolean.TRUE.equals(c.serving()))
        + " "
        + e.terminating();
  }

  private static String essence(EndpointSlice.Port p) {
    String name = p.name();
    return (name == null ? "" : name) + " " + p.port() + " " + p.appProtocol();
  }
}
