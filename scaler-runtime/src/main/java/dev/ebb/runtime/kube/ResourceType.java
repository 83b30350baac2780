package dev.ebb.runtime.kube;

import org.jspecify.annotations.Nullable;

/**
 * A kind of object and where the API serves it.
 *
 * @param group the API group, empty for the core group
 * @param version the API version
 * @param plural the resource name in URLs
 * @param kind the kind in manifests
 * @param javaType what its JSON is decoded into
 * @param <T> the Java type
 */
public record ResourceType<T>(
    String group, String version, String plural, String kind, Class<T> javaType) {

  /** Returns group and version as in a manifest. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /**
   * Returns the URL path of the collection or of one object.
   *
   * @param namespace the namespace; null for all namespaces or cluster-scoped kinds
   * @param name the object's name; null for the collection
   * @param subresource for example {@code status}; null for the object itself
   */
  public String path(
      @Nullable String namespace, @Nullable String name, @Nullable String subresource) {
    StringBuilder path = new StringBuilder(group.isEmpty() ? "/api/" : "/apis/" + group + "/");
    path.append(version);
    if (namespace != null && !namespace.isEmpty()) {
      path.append("/namespaces/").append(namespace);
    }
    path.append('/').append(plural);
    if (name != null) {
      path.append('/').append(name);
    }
    if (subresource != null) {
      path.append('/').append(subresource);
    }
    return path.toString();
  }
}
