package dev.ebb.selector.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.EndpointSlice.Endpoint;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool.Via;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The slices of Services without a selector: one endpoint each, the pod that the Service belongs
 * to. They say of a pod what Kubernetes' own would say of it. Stateless.
 */
final class Slices {

  private Slices() {}

  /**
   * Plans what makes the slices true after the Services are.
   *
   * @param changes what is written to Services
   */
  static List<SliceStep> plan(
      Observed observed, Claims claims, Map<String, Seat> seats, List<Change> changes) {
    Map<String, EndpointSlice> there = new HashMap<>();
    observed.slices().stream()
        .filter(s -> observed.pool().key().name().equals(s.metadata().labels().get(Marks.POOL)))
        .forEach(s -> there.put(s.metadata().name(), s));
    List<SliceStep> steps = new ArrayList<>();
    Set<String> kept = new HashSet<>();
    if (observed.pool().via() == Via.Slice) {
      Map<String, @Nullable String> pods = new HashMap<>();
      claims.members().forEach(m -> pods.put(m.name(), m.decided()));
      changes.forEach(c -> pods.put(c.service().metadata().name(), c.pod()));
      for (Member member : claims.members()) {
        String pod = pods.get(member.name());
        for (EndpointSlice wanted :
            of(observed.pool(), member.service(), pod == null ? null : seats.get(pod))) {
          kept.add(wanted.metadata().name());
          EndpointSlice before = there.get(wanted.metadata().name());
          if (before == null || !same(before, wanted)) {
            steps.add(new SliceStep(before, member.service(), wanted));
          }
        }
      }
    }
    there.values().stream()
        .filter(slice -> !kept.contains(slice.metadata().name()))
        .forEach(slice -> steps.add(new SliceStep(slice, null, null)));
    return steps;
  }

  private static boolean same(EndpointSlice a, EndpointSlice b) {
    return a.addressType().equals(b.addressType())
        && a.endpoints().equals(b.endpoints())
        && a.ports().equals(b.ports());
  }

  /** One for each family of addresses that the Service has. */
  private static List<EndpointSlice> of(Pool pool, Service service, @Nullable Seat seat) {
    List<String> families =
        service.spec().ipFamilies().isEmpty() ? List.of("IPv4") : service.spec().ipFamilies();
    return families.stream().map(family -> of(pool, service, seat, family)).toList();
  }

  private static EndpointSlice of(Pool pool, Service service, @Nullable Seat seat, String family) {
    String name = service.metadata().name();
    Map<String, String> labels =
        Map.of(
            EndpointSlice.SERVICE_LABEL,
            name,
            EndpointSlice.MANAGED_BY_LABEL,
            Marks.SLICES,
            Marks.POOL,
            pool.key().name());
    Meta meta =
        new Meta(
            "%s-ebb-%s".formatted(name, family.toLowerCase(Locale.ROOT)),
            service.metadata().namespace(),
            "",
            "",
            0,
            null,
            null,
            labels,
            Map.of(),
            List.of(),
            List.of());
    if (seat == null) {
      return new EndpointSlice(meta, family, List.of(), List.of());
    }
    Pod pod = seat.pod();
    List<String> addresses =
        pod.status().podIPs().stream()
            .map(Pod.PodIp::ip)
            .filter(ip -> ip.contains(":") == family.equals("IPv6"))
            .limit(1)
            .toList();
    List<EndpointSlice.Port> ports =
        service.spec().ports().stream()
            .map(port -> port(pod, port))
            .filter(Objects::nonNull)
            .toList();
    List<Endpoint> endpoints =
        addresses.isEmpty() || pod.finished() ? List.of() : List.of(endpoint(pod, addresses));
    return new EndpointSlice(meta, family, endpoints, endpoints.isEmpty() ? List.of() : ports);
  }

  private static Endpoint endpoint(Pod pod, List<String> addresses) {
    boolean serving = pod.condition("Ready");
    boolean leaving = pod.metadata().deleting();
    return new Endpoint(
        addresses,
        new EndpointSlice.Conditions(serving && !leaving, serving, leaving),
        pod.spec().nodeName(),
        null,
        new EndpointSlice.TargetRef(
            "Pod", pod.metadata().name(), pod.metadata().namespace(), pod.metadata().uid()));
  }

  private static EndpointSlice.@Nullable Port port(Pod pod, Service.Port port) {
    Integer number = pod.resolvePort(port.target());
    return number == null
        ? null
        : new EndpointSlice.Port(port.name(), number, port.protocol(), port.appProtocol());
  }
}
