package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.ScaledResource.MappedPort;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.Service;
import java.util.List;

/**
 * Which Services lead to a workload through the gateway.
 *
 * @param services the Services, by name
 * @param problems what stands in the way
 */
record Mapping(List<Service> services, List<Problem> problems) {

  Mapping {
    services = List.copyOf(services);
    problems = List.copyOf(problems);
  }

  /** Returns whether something forbids the hand-over. */
  boolean refused() {
    return services.isEmpty()
        || problems.stream().anyMatch(p -> p.weight() == Problem.Weight.REFUSED);
  }

  List<MappedService> forStatus() {
    return services.stream().map(Mapping::mapped).toList();
  }

  static MappedService mapped(Service service) {
    List<MappedPort> ports =
        service.spec().ports().stream()
            .map(p -> new MappedPort(p.name(), p.port(), p.protocol(), wakeable(p)))
            .toList();
    return new MappedService(service.metadata().name(), service.metadata().uid(), ports);
  }

  static boolean wakeable(Service.Port port) {
    return port.protocol().equals("TCP") && plainHttp(port);
  }

  /** Returns whether the gateway can hold the port's protocol; unsaid counts as HTTP. */
  static boolean plainHttp(Service.Port port) {
    String protocol = port.appProtocol();
    return protocol == null
        || protocol.isEmpty()
        || protocol.equals("http")
        || protocol.equals("kubernetes.io/ws");
  }
}
