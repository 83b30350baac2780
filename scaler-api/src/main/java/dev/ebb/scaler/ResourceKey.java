package dev.ebb.scaler;

import java.util.Objects;

/**
 * Identifies one object of a kind: namespace and name, always both, so that equal names in two
 * namespaces never meet.
 *
 * @param namespace the Kubernetes namespace, never blank
 * @param name the object's name, never blank
 */
public record ResourceKey(String namespace, String name) implements Comparable<ResourceKey> {

  /** Rejects blank parts with an {@link IllegalArgumentException} that names the part. */
  public ResourceKey {
    requireText(namespace, "namespace");
    requireText(name, "name");
  }

  /** Returns {@code namespace/name}, as kubectl and client-go write keys. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }

  @Override
  public int compareTo(ResourceKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  static void requireText(String value, String field) {
    Objects.requireNonNull(value, field);
    if (value.isBlank()) {
      throw new IllegalArgumentException(field + " must not be blank");
    }
  }
}
