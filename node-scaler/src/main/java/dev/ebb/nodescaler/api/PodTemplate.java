package dev.ebb.nodescaler.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.ebb.nodescaler.api.NodeBuffer.Toleration;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.util.List;

/** A pod as it would be made: what it takes, and which taints do not keep it away. */
public record PodTemplate(Meta metadata, Template template) implements KubeObject {

  /** Where PodTemplates are served. */
  public static final ResourceType<PodTemplate> TYPE =
      new ResourceType<>("", "v1", "podtemplates", "PodTemplate", PodTemplate.class);

  /** Replaces what is absent by empty values. */
  public PodTemplate {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    template = template == null ? new Template(new Spec(Resources.NONE, List.of())) : template;
  }

  /** The pod. */
  public record Template(Spec spec) {
    /** Replaces what is absent by empty values. */
    public Template {
      spec = spec == null ? new Spec(Resources.NONE, List.of()) : spec;
    }
  }

  /**
   * What is kept of a pod's spec.
   *
   * @param requests what it takes of its node
   * @param tolerations which taints do not keep it away
   */
  public record Spec(Resources requests, List<Toleration> tolerations) {

    /** Copies the list. */
    public Spec {
      tolerations = List.copyOf(tolerations);
    }

    /** Reads what counts of a spec. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Spec decode(ServerPod.Decoded spec) {
      return new Spec(
          Requests.of(spec), spec.tolerations() == null ? List.of() : spec.tolerations());
    }
  }
}
