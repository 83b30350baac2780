package dev.ebb.runtime.model;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.scaler.ResourceKey;

/** A namespace as far as Ebb looks at it. */
public record Namespace(Meta metadata) implements KubeObject {

  /** Where namespaces are served. */
  public static final ResourceType<Namespace> TYPE =
      new ResourceType<>("", "v1", "namespaces", "Namespace", Namespace.class);

  /** Replaces what is absent by empty values. */
  public Namespace {
    metadata = metadata == null ? Meta.named("", "") : metadata;
  }

  /** Returns the name twice: a namespace lies in itself, as for the API server's rights. */
  @Override
  public ResourceKey key() {
    return key(metadata.name());
  }

  /** Returns the key of a namespace. */
  public static ResourceKey key(String name) {
    return new ResourceKey(name, name);
  }
}
