package dev.ebb.nodescaler.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pod, as far as it takes room on a node. Decoding sums its requests up, so that the cache holds
 * one amount for a pod and not its containers.
 */
public record ServerPod(Meta metadata, Spec spec, Status status) implements KubeObject {

  /** Where pods are served. */
  public static final ResourceType<ServerPod> TYPE =
      new ResourceType<>("", "v1", "pods", "Pod", ServerPod.class);

  /** The annotation of pods that the kubelet made from a file. */
  private static final String MIRROR = "kubernetes.io/config.mirror";

  /** Replaces what is absent by empty values. */
  public ServerPod {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec("", Resources.NONE, false) : spec;
    status = status == null ? new Status("") : status;
  }

  /**
   * What the node-scaler keeps of a pod's spec.
   *
   * @param nodeName where it is bound to; empty while it waits for a node
   * @param requests what it takes of its node
   * @param gated whether somebody holds it back from being scheduled
   */
  public record Spec(String nodeName, Resources requests, boolean gated) {

    /** Reads what counts of a spec. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Spec decode(Decoded spec) {
      return new Spec(
          spec.nodeName() == null ? "" : spec.nodeName(),
          Requests.of(spec),
          spec.schedulingGates() != null && !spec.schedulingGates().isEmpty());
    }
  }

  /** A spec as the API writes it. */
  record Decoded(
      @Nullable String nodeName,
      @Nullable List<Container> containers,
      @Nullable List<Container> initContainers,
      @Nullable Amounts resources,
      @Nullable Resources overhead,
      @Nullable List<Gate> schedulingGates,
      @Nullable List<NodeBuffer.Toleration> tolerations) {}

  /** A container, an init container, or one of those that go on beside the others. */
  record Container(@Nullable String restartPolicy, @Nullable Amounts resources) {}

  /** What is asked for, and the most that is given. */
  record Amounts(@Nullable Resources requests, @Nullable Resources limits) {}

  /** Holds a pod back from being scheduled. */
  record Gate(@Nullable String name) {}

  /** How far the pod is. */
  public record Status(String phase) {
    /** Replaces what is absent by empty text. */
    public Status {
      phase = phase == null ? "" : phase;
    }
  }

  /** Returns whether the pod has ended: then it takes no room. One that terminates still does. */
  public boolean finished() {
    return status.phase().equals("Succeeded") || status.phase().equals("Failed");
  }

  /** Returns whether every node has one like it. */
  public boolean daemon() {
    Meta.Owner owner = metadata.controller();
    return owner != null && owner.kind().equals("DaemonSet");
  }

  /** Returns whether the kubelet made it from a file: it belongs to its node. */
  public boolean mirror() {
    return metadata.annotations().containsKey(MIRROR);
  }
}
