package dev.ebb.runtime.model;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Service: what it selects and on which ports it answers. */
public record Service(Meta metadata, Spec spec) implements KubeObject {

  /** Where Services are served. */
  public static final ResourceType<Service> TYPE =
      new ResourceType<>("", "v1", "services", "Service", Service.class);

  /**
   * The selector key that no pod carries: with it the endpointslice-controller publishes nothing
   * and Ebb's own slice is the only one.
   */
  public static final String BEHIND_GATEWAY = Ebb.key("behind-gateway");

  /** Replaces what is absent by empty values. */
  public Service {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(Map.of(), List.of(), "", "", List.of(), null, null, "") : spec;
  }

  /** What Ebb reads of a Service's spec. */
  public record Spec(
      Map<String, String> selector,
      List<Port> ports,
      String clusterIP,
      String type,
      List<String> ipFamilies,
      @Nullable String internalTrafficPolicy,
      @Nullable String externalTrafficPolicy,
      String sessionAffinity) {
    /** Replaces what is absent by empty values. */
    public Spec {
      selector = Lists.of(selector);
      ports = Lists.of(ports);
      clusterIP = Lists.text(clusterIP);
      type = Lists.text(type);
      ipFamilies = Lists.of(ipFamilies);
      sessionAffinity = Lists.text(sessionAffinity);
    }
  }

  /** A Service port. */
  public record Port(
      String name,
      int port,
      String protocol,
      @Nullable String appProtocol,
      @Nullable IntOrString targetPort) {
    /** Fills in Kubernetes' defaults. */
    public Port {
      name = Lists.text(name);
      protocol = protocol == null ? "TCP" : protocol;
    }

    /** Returns where the port leads on a pod; the same number when the Service does not say. */
    public IntOrString target() {
      return targetPort == null ? new IntOrString(port) : targetPort;
    }
  }

  /** Returns the selector as the user meant it: the live one without Ebb's own key. */
  public Map<String, String> effectiveSelector() {
    Map<String, String> selector = new HashMap<>(spec.selector());
    selector.remove(BEHIND_GATEWAY);
    return Map.copyOf(selector);
  }

  /** Returns whether Ebb's key is in the selector. */
  public boolean behindGateway() {
    return spec.selector().containsKey(BEHIND_GATEWAY);
  }

  /** Returns whether the Service has no cluster address of its own. */
  public boolean headless() {
    return "None".equals(spec.clusterIP());
  }

  /** Returns whether the Service is only a name for another host. */
  public boolean externalName() {
    return "ExternalName".equals(spec.type());
  }

  /** Returns whether the effective selector takes a pod (or pod template) with these labels. */
  public boolean selects(Map<String, String> labels) {
    Map<String, String> selector = effectiveSelector();
    return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
  }
}
