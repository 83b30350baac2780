package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;

/** Any Kubernetes object as far as caches and writers need to know it. */
public interface KubeObject {

  /** Returns the object's metadata. */
  Meta metadata();

  /** Returns namespace and name; only for namespaced objects. */
  default ResourceKey key() {
    return new ResourceKey(metadata().namespace(), metadata().name());
  }
}
