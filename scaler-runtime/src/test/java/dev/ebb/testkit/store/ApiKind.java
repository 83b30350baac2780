package dev.ebb.testkit.store;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A kind that the store serves.
 *
 * @param namespaced whether its objects live in namespaces
 * @param generation whether the server counts versions of its spec
 * @param status whether it has a {@code status} subresource
 * @param scale whether it has a {@code scale} subresource
 * @param schema its structural schema when it is a custom resource; null for built-in kinds
 */
record ApiKind(
    String group,
    String version,
    String plural,
    String kind,
    boolean namespaced,
    boolean generation,
    boolean status,
    boolean scale,
    @Nullable JsonNode schema) {

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** Returns the name in messages, as {@code deployments.apps}. */
  String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  boolean is(String otherApiVersion, String otherKind) {
    return kind.equals(otherKind) && apiVersion().equals(otherApiVersion);
  }
}
