package dev.ebb.cleanup.api;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A PersistentVolumeClaim: whose it is, and how large. */
public record Claim(Meta metadata, @Nullable Status status) implements KubeObject {

  /** Where claims are served. */
  public static final ResourceType<Claim> TYPE =
      new ResourceType<>("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", Claim.class);

  /** Replaces what is absent by empty values. */
  public Claim {
    metadata = metadata == null ? Meta.named("", "") : metadata;
  }

  /** What is read of the status. */
  public record Status(Map<String, String> capacity) {
    /** Copies the map. */
    public Status {
      capacity = capacity == null ? Map.of() : Map.copyOf(capacity);
    }
  }

  /** Returns the volume's size as Kubernetes writes it; empty while there is none. */
  public String size() {
    return status == null ? "" : status.capacity().getOrDefault("storage", "");
  }

  /** Returns whether it is there to stay. */
  public boolean live() {
    return !metadata.deleting();
  }
}
