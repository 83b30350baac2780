package dev.ebb.console.discovery;

import de.codecentric.boot.admin.server.domain.values.Registration;
import dev.ebb.runtime.model.EndpointSlice;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Reads the replicas of Ebb's services, ready or not, from the slices of their Services. */
final class Replicas {

  /** The metadata entry with the pod's name. */
  static final String POD = "pod";

  private static final String ADMIN_PORT = "admin";
  private static final String NAME_LABEL = "app.kubernetes.io/name";
  private static final String VERSION_LABEL = "app.kubernetes.io/version";

  private Replicas() {}

  /**
   * Returns what to register, by pod. A pod with addresses of two families is one replica: IPv4
   * first. A pod on its way out is none any more.
   */
  static SequencedMap<String, Registration> of(Collection<EndpointSlice> slices) {
    SequencedMap<String, Registration> replicas = new LinkedHashMap<>();
    slices.stream()
        .sorted(
            Comparator.comparing(EndpointSlice::addressType)
                .thenComparing(slice -> slice.metadata().name()))
        .forEach(slice -> add(slice, replicas));
    return replicas;
  }

  private static void add(EndpointSlice slice, Map<String, Registration> replicas) {
    Optional<Integer> port = adminPort(slice);
    if (port.isEmpty()) {
      return;
    }
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      if (!endpoint.addresses().isEmpty() && !endpoint.terminating()) {
        String address = endpoint.addresses().getFirst();
        String pod = pod(endpoint, address);
        replicas.putIfAbsent(pod, registration(slice, pod, address, port.get()));
      }
    }
  }

  private static Optional<Integer> adminPort(EndpointSlice slice) {
    return slice.ports().stream()
        .filter(port -> ADMIN_PORT.equals(port.name()))
        .findFirst()
        .map(EndpointSlice.Port::port);
  }

  private static String pod(EndpointSlice.Endpoint endpoint, String address) {
    EndpointSlice.TargetRef target = endpoint.targetRef();
    String name = target == null ? null : target.name();
    return name == null ? address : name;
  }

  private static Registration registration(
      EndpointSlice slice, String pod, String address, int port) {
    Map<String, String> labels = slice.metadata().labels();
    String host = address.contains(":") ? "[" + address + "]" : address;
    String actuator = "https://" + host + ":" + port + "/actuator";
    return Registration.create(
            labels.getOrDefault(NAME_LABEL, slice.serviceName()), actuator + "/health")
        .managementUrl(actuator)
        .source("kubernetes")
        .metadata(POD, pod)
        .metadata("namespace", slice.metadata().namespace())
        .metadata("version", labels.getOrDefault(VERSION_LABEL, ""))
        // An address of the pod network is of no use in a browser.
        .metadata("hide-url", "true")
        .build();
  }
}
