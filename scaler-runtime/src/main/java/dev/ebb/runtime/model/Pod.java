package dev.ebb.runtime.model;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pod: where it is, whether it is ready, and why not. */
public record Pod(Meta metadata, Spec spec, Status status) implements KubeObject {

  /** Where pods are served. */
  public static final ResourceType<Pod> TYPE =
      new ResourceType<>("", "v1", "pods", "Pod", Pod.class);

  /** Replaces what is absent by empty values. */
  public Pod {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(null, false, List.of(), List.of()) : spec;
    status =
        status == null
            ? new Status("", List.of(), List.of(), List.of(), List.of(), "", "")
            : status;
  }

  /** What Ebb reads of a pod's spec. */
  public record Spec(
      @Nullable String nodeName,
      boolean hostNetwork,
      List<Container> containers,
      List<ReadinessGate> readinessGates) {
    /** Copies the lists. */
    public Spec {
      containers = Lists.of(containers);
      readinessGates = Lists.of(readinessGates);
    }
  }

  /** A condition that must be true beside the containers' readiness. */
  public record ReadinessGate(String conditionType) {}

  /** A container with its ports and its readiness probe. */
  public record Container(String name, List<Port> ports, @Nullable Probe readinessProbe) {
    /** Copies the list. */
    public Container {
      ports = Lists.of(ports);
    }
  }

  /** A container port. */
  public record Port(@Nullable String name, int containerPort, @Nullable String protocol) {}

  /** A probe; exactly one of the three is set, or none of those that Ebb can run itself. */
  public record Probe(
      @Nullable HttpGet httpGet,
      @Nullable TcpSocket tcpSocket,
      @Nullable Grpc grpc,
      @Nullable Exec exec,
      @Nullable Integer timeoutSeconds,
      @Nullable Integer initialDelaySeconds) {}

  /** An HTTP probe. */
  public record HttpGet(
      @Nullable String path, IntOrString port, @Nullable String scheme, List<Header> httpHeaders) {
    /** Copies the list. */
    public HttpGet {
      httpHeaders = Lists.of(httpHeaders);
    }
  }

  /** A header of an HTTP probe. */
  public record Header(String name, String value) {}

  /** A probe that only connects. */
  public record TcpSocket(IntOrString port) {}

  /** A gRPC health probe. */
  public record Grpc(int port) {}

  /** A probe that runs a command; the kubelet alone can do that. */
  public record Exec() {}

  /** What Ebb reads of a pod's status. */
  public record Status(
      String phase,
      List<PodIp> podIPs,
      List<Condition> conditions,
      List<ContainerStatus> containerStatuses,
      List<ContainerStatus> initContainerStatuses,
      String reason,
      String message) {
    /** Replaces what is absent by empty values. */
    public Status {
      phase = Lists.text(phase);
      podIPs = Lists.of(podIPs);
      conditions = Lists.of(conditions);
      containerStatuses = Lists.of(containerStatuses);
      initContainerStatuses = Lists.of(initContainerStatuses);
      reason = Lists.text(reason);
      message = Lists.text(message);
    }
  }

  /** One of a pod's addresses. */
  public record PodIp(String ip) {}

  /** How a container is doing. */
  public record ContainerStatus(
      String name,
      boolean ready,
      @Nullable Boolean started,
      int restartCount,
      @Nullable State state) {}

  /** A container's state; exactly one is set. */
  public record State(@Nullable Waiting waiting, @Nullable Running running) {}

  /** Why a container does not run yet. */
  public record Waiting(String reason, String message) {
    /** Replaces what is absent by empty text. */
    public Waiting {
      reason = Lists.text(reason);
      message = Lists.text(message);
    }
  }

  /** Since when a container runs. */
  public record Running(@Nullable Instant startedAt) {}

  /** Returns whether the pod is Ready and not on its way out. */
  public boolean ready() {
    return !metadata.deleting() && condition("Ready");
  }

  /** Returns whether a condition is True. */
  public boolean condition(String type) {
    return status.conditions().stream().anyMatch(c -> c.type().equals(type) && c.isTrue());
  }

  /** Returns whether the pod has ended and will never be ready again. */
  public boolean finished() {
    return status.phase().equals("Succeeded") || status.phase().equals("Failed");
  }

  /** Returns whether all containers run, whatever their probes say. */
  public boolean containersRunning() {
    return !status.containerStatuses().isEmpty()
        && status.containerStatuses().size() == spec.containers().size()
        && status.containerStatuses().stream()
            .allMatch(c -> c.state() != null && c.state().running() != null);
  }

  /** Returns since when the pod is Ready, or null. */
  public @Nullable Instant readySince() {
    return status.conditions().stream()
        .filter(c -> c.type().equals("Ready") && c.isTrue())
        .findFirst()
        .map(Condition::lastTransitionTime)
        .orElse(null);
  }

  /**
   * Resolves a target port on this pod.
   *
   * @param port a number, or the name of a container port
   * @return the number, or null when no container has a TCP port of that name
   */
  public @Nullable Integer resolvePort(IntOrString port) {
    if (port.isNumber()) {
      return port.number();
    }
    return spec.containers().stream()
        .flatMap(c -> c.ports().stream())
        .filter(p -> port.toString().equals(p.name()))
        .filter(p -> p.protocol() == null || p.protocol().equals("TCP"))
        .map(Port::containerPort)
        .findFirst()
        .orElse(null);
  }
}
