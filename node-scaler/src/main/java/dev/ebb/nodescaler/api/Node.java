package dev.ebb.nodescaler.api;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import dev.ebb.scaler.ResourceKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node: what it offers, whether it is up, and what keeps pods from it. */
public record Node(Meta metadata, Spec spec, Status status) implements KubeObject {

  /** Where nodes are served. */
  public static final ResourceType<Node> TYPE =
      new ResourceType<>("", "v1", "nodes", "Node", Node.class);

  /** The taint of nodes that get no new servers because they are to go. */
  public static final String DRAINING = Ebb.key("draining");

  /** Since when a node has the taint. */
  public static final String SINCE = Ebb.key("draining-since");

  /** Which buffer put the taint there. */
  public static final String BUFFER = Ebb.key("node-buffer");

  /** Since when the cloud has been asked to delete the node. */
  public static final String DELETING = Ebb.key("deleting-since");

  /** Kubescaler's annotation: when it cordoned or uncordoned a node. */
  public static final String KUBESCALER = "kubescaler/timestamp";

  /** Replaces what is absent by empty values. */
  public Node {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(false, "", List.of()) : spec;
    status = status == null ? new Status(Resources.NONE, List.of()) : status;
  }

  /** What keeps pods from a node, and its name at the cloud. */
  public record Spec(boolean unschedulable, String providerID, List<Taint> taints) {
    /** Replaces what is absent by empty values. */
    public Spec {
      providerID = providerID == null ? "" : providerID;
      taints = taints == null ? List.of() : List.copyOf(taints);
    }
  }

  /** A taint. */
  public record Taint(
      String key, @Nullable String value, String effect, @Nullable String timeAdded) {
    /** Replaces what is absent by empty text. */
    public Taint {
      key = key == null ? "" : key;
      effect = effect == null ? "" : effect;
    }

    /** Returns whether it keeps pods away that do not tolerate it. */
    public boolean repels() {
      return effect.equals("NoSchedule") || effect.equals("NoExecute");
    }
  }

  /** What a node offers to pods, and how it is. */
  public record Status(Resources allocatable, List<Condition> conditions) {
    /** Replaces what is absent by empty values. */
    public Status {
      allocatable = allocatable == null ? Resources.NONE : allocatable;
      conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
  }

  /** Returns the name twice: a node lies in no namespace. */
  @Override
  public ResourceKey key() {
    return new ResourceKey(metadata.name(), metadata.name());
  }

  /** Returns the condition that says whether the node is up. */
  public Optional<Condition> readiness() {
    return status.conditions().stream().filter(c -> c.type().equals("Ready")).findFirst();
  }

  /** Returns whether the node has the taint of nodes that are to go. */
  public boolean draining() {
    return spec.taints().stream().anyMatch(taint -> taint.key().equals(DRAINING));
  }

  /** Reads a time from an annotation; null when there is none that can be read. */
  public @Nullable Instant time(String annotation) {
    String text = metadata.annotations().get(annotation);
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text.strip());
    } catch (DateTimeException e) {
      return null;
    }
  }
}
