package dev.ebb.runtime.model;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A slice of a Service's endpoints. */
public record EndpointSlice(
    Meta metadata, String addressType, List<Endpoint> endpoints, List<Port> ports)
    implements KubeObject {

  /** Where EndpointSlices are served. */
  public static final ResourceType<EndpointSlice> TYPE =
      new ResourceType<>(
          "discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", EndpointSlice.class);

  /** The label that names a slice's Service. */
  public static final String SERVICE_LABEL = "kubernetes.io/service-name";

  /** The label that names who writes a slice. */
  public static final String MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";

  /** The gateway's name in {@link #MANAGED_BY_LABEL}. */
  public static final String MANAGED_BY_GATEWAY = "dlx-gateway." + Ebb.GROUP;

  /** The query that finds the slices that the gateway writes. */
  public static final Map<String, String> OF_GATEWAY =
      Map.of("labelSelector", MANAGED_BY_LABEL + "=" + MANAGED_BY_GATEWAY);

  /** The label selector of the slices that Kubernetes writes for headless Services. */
  public static final String HEADLESS_OF_KUBERNETES =
      "service.kubernetes.io/headless," + MANAGED_BY_LABEL + "=endpointslice-controller.k8s.io";

  /** Returns the query that finds the slices of a Service, whoever writes them. */
  public static Map<String, String> ofService(String service) {
    return Map.of("labelSelector", SERVICE_LABEL + "=" + service);
  }

  /** Replaces what is absent by empty values. */
  public EndpointSlice {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    addressType = Lists.text(addressType);
    endpoints = Lists.of(endpoints);
    ports = Lists.of(ports);
  }

  /** One endpoint. */
  public record Endpoint(
      List<String> addresses,
      @Nullable Conditions conditions,
      @Nullable String nodeName,
      @Nullable String zone,
      @Nullable TargetRef targetRef) {
    /** Copies the list. */
    public Endpoint {
      addresses = Lists.of(addresses);
    }

    /** Returns whether the endpoint takes new connections; unknown counts as ready. */
    public boolean ready() {
      return conditions == null || conditions.ready() == null || conditions.ready();
    }

    /**
     * Returns whether the pod behind the endpoint is ready, on its way out or not; unknown counts
     * as {@link #ready()}.
     */
    public boolean serving() {
      return conditions == null || conditions.serving() == null ? ready() : conditions.serving();
    }

    /** Returns whether the endpoint is on its way out. */
    public boolean terminating() {
      return conditions != null && Boolean.TRUE.equals(conditions.terminating());
    }
  }

  /** An endpoint's conditions; null means unknown. */
  public record Conditions(
      @Nullable Boolean ready, @Nullable Boolean serving, @Nullable Boolean terminating) {}

  /** The pod behind an endpoint. */
  public record TargetRef(
      @Nullable String kind,
      @Nullable String name,
      @Nullable String namespace,
      @Nullable String uid) {}

  /** A port of all endpoints in the slice. */
  public record Port(
      @Nullable String name,
      @Nullable Integer port,
      @Nullable String protocol,
      @Nullable String appProtocol) {}

  /** Returns the name of the Service, empty when the label is missing. */
  public String serviceName() {
    return Lists.text(metadata.labels().get(SERVICE_LABEL));
  }

  /** Returns whether the gateway wrote this slice. */
  public boolean ofGateway() {
    return MANAGED_BY_GATEWAY.equals(metadata.labels().get(MANAGED_BY_LABEL));
  }
}
