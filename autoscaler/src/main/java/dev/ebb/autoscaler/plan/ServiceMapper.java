package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.PodOwners;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ScaleTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds a workload's Services and says which of them cannot be handed over, and why. */
final class ServiceMapper {

  private final Observed observed;
  private final ScaleTarget target;
  private final TargetView.Found found;
  private final List<Service> mapped = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private ServiceMapper(Observed observed, ScaleTarget target, TargetView.Found found) {
    this.observed = observed;
    this.target = target;
    this.found = found;
  }

  static Mapping map(Observed observed, ScaleTarget target, TargetView.Found found) {
    ServiceMapper mapper = new ServiceMapper(observed, target, found);
    List<String> named = observed.resource().spec().services();
    if (named == null || named.isEmpty()) {
      mapper.mapSelecting();
    } else {
      named.stream().distinct().sorted().forEach(mapper::mapNamed);
    }
    mapper.mapped.forEach(mapper::check);
    mapper.checkPods();
    return new Mapping(mapper.mapped, mapper.problems);
  }

  private void mapNamed(String name) {
    Optional<Service> service =
        observed.services().stream().filter(s -> s.metadata().name().equals(name)).findFirst();
    if (service.isEmpty()) {
      refuse(
          "ServiceNotFound",
          "spec.services: there is no Service %s in namespace %s; create it or correct the name"
              .formatted(name, target.key().namespace()));
      return;
    }
    String unsupported = unsupported(service.get());
    if (unsupported != null) {
      refuse(
          "Unsupported",
          "spec.services: Service %s %s and cannot be handed over; name another one"
              .formatted(name, unsupported));
    } else if (!found.podLabels().isEmpty() && !service.get().selects(found.podLabels())) {
      refuse(
          "ServiceSelectsOthers",
          "spec.services: the selector of Service %s does not match the pods of %s; correct one of"
                  .formatted(name, target)
              + " them");
    } else {
      mapped.add(service.get());
    }
  }

  private static @org.jspecify.annotations.Nullable String unsupported(Service service) {
    if (service.externalName()) {
      return "is of type ExternalName";
    }
    if (service.headless()) {
      return "is headless";
    }
    return service.effectiveSelector().isEmpty() ? "has no selector" : null;
  }

  private void mapSelecting() {
    observed.services().stream()
        .filter(service -> service.selects(found.podLabels()) && !service.externalName())
        .sorted(Comparator.comparing(service -> service.metadata().name()))
        .forEach(this::mapFound);
    if (mapped.isEmpty() && problems.isEmpty()) {
      refuse(
          "NoService",
          "no Service in namespace %s selects the pods of %s, so nothing could wake it; create one,"
                  .formatted(target.key().namespace(), target)
              + " or name it in spec.services");
    }
  }

  private void mapFound(Service service) {
    if (service.headless()) {
      problems.add(
          Problem.refused(
              ConditionTypes.SERVICES,
              "DirectAccessPossible",
              "headless Service %s leads to the same pods past the gateway; if nobody calls it, name"
                      .formatted(service.metadata().name())
                  + " the Services that callers use in spec.services"));
    } else {
      mapped.add(service);
    }
  }

  private void checkPods() {
    boolean onHost =
        (found.workload() != null && found.workload().hostNetwork())
            || observed.pods().stream()
                .filter(pod -> PodOwners.owns(target, found.scale().selector(), pod))
                .anyMatch(pod -> pod.spec().hostNetwork());
    if (onHost) {
      refuse(
          "HostNetwork",
          "the pods of %s use the host's network, where the gateway dials nobody; remove hostNetwork"
              .formatted(target));
    }
  }

  private void check(Service service) {
    checkPorts(service);
    checkOwners(service);
    Service.Spec spec = service.spec();
    if ("Local".equals(spec.internalTrafficPolicy())
        || "Local".equals(spec.externalTrafficPolicy())) {
      refuse(
          "LocalTrafficPolicy",
          "Service %s has %s: Local, which a gateway on other nodes cannot serve; set it to Cluster"
              .formatted(
                  service.metadata().name(),
                  "Local".equals(spec.internalTrafficPolicy())
                      ? "internalTrafficPolicy"
                      : "externalTrafficPolicy"));
    }
  }

  private void checkPorts(Service service) {
    for (Service.Port port : service.spec().ports()) {
      String label = port.name().isEmpty() ? "" + port.port() : port.name();
      if (!port.protocol().equals("TCP")) {
        // Once the key is there, nothing but the gateway's slice leads to the pods.
        refuse(
            "PortNotWakeable",
            "port %s of Service %s is %s, which the gateway cannot carry; give it a Service of its own"
                    .formatted(label, service.metadata().name(), port.protocol())
                + " that is not mapped");
      } else if (!Mapping.plainHttp(port)) {
        refuse(
            "PortNotWakeable",
            "port %s of Service %s %s, and the gateway holds HTTP/1.1 only; if it is HTTP/1.1, set its"
                    .formatted(label, service.metadata().name(), says(port))
                + " appProtocol to http; else map other Services by spec.services");
      }
    }
  }

  private static String says(Service.Port port) {
    String protocol = port.appProtocol();
    return protocol == null || protocol.isEmpty()
        ? "looks like another protocol by its name or number"
        : "has appProtocol " + protocol;
  }

  private void checkOwners(Service service) {
    String name = service.metadata().name();
    observed.pods().stream()
        .filter(pod -> !pod.finished() && service.selects(pod.metadata().labels()))
        .filter(pod -> !PodOwners.owns(target, found.scale().selector(), pod))
        .min(Comparator.comparing(pod -> pod.metadata().name()))
        .ifPresent(pod -> refuse("SharedService", shared(name, ownerOf(pod))));
    observed.others().stream()
        .filter(other -> !other.metadata().deleting() && !target.equals(other.target()))
        .filter(other -> other.mappedServices().stream().anyMatch(s -> s.name().equals(name)))
        .min(Precedence.ORDER)
        .filter(other -> Precedence.ORDER.compare(other, observed.resource()) < 0)
        .ifPresent(other ->
            refuse("SharedService", shared(name, "ScaledResource " + other.metadata().name())));
  }

  private static String ownerOf(Pod pod) {
    var owner = pod.metadata().controller();
    return owner == null ? "pod " + pod.metadata().name() : owner.kind() + " " + owner.name();
  }

  private static String shared(String service, String other) {
    return "Service %s also leads to %s; give each workload a Service of its own"
        .formatted(service, other);
  }

  private void refuse(String reason, String message) {
    problems.add(Problem.refused(ConditionTypes.SERVICES, reason, message));
  }

  /** Which of two resources is served where only one can be. */
  static final class Precedence {
    /** Explicit before made from an annotation, older before younger, then by name. */
    static final Comparator<ScaledResource> ORDER =
        Comparator.comparing((ScaledResource r) -> Annotated.made(r) ? 1 : 0)
            .thenComparing(
                r -> r.metadata().creationTimestamp(),
                Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(r -> r.metadata().name());

    private Precedence() {}
  }
}
