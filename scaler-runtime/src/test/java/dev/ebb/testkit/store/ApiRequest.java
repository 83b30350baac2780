package dev.ebb.testkit.store;

import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request, taken apart.
 *
 * @param namespace null for all namespaces and for cluster-scoped kinds
 * @param name null for the collection
 * @param subresource empty for the object itself
 * @param contentType empty without a body
 * @param body a missing node without a body
 */
record ApiRequest(
    String method,
    HttpUrl url,
    ApiKind kind,
    @Nullable String namespace,
    @Nullable String name,
    String subresource,
    String contentType,
    JsonNode body) {

  /** Takes a request apart; refuses paths that are not served. */
  static ApiRequest of(
      ApiKinds kinds, String method, HttpUrl url, String contentType, JsonNode body) {
    List<String> path = new ArrayList<>(url.pathSegments());
    String group = path.removeFirst().equals("apis") ? path.removeFirst() : "";
    if (path.size() < 2) {
      throw ApiError.notServed();
    }
    String version = path.removeFirst();
    String namespace = null;
    if (path.getFirst().equals("namespaces") && path.size() > 2 && !path.get(2).equals("status")) {
      path.removeFirst();
      namespace = path.removeFirst();
    }
    ApiKind kind = kinds.find(group, version, path.getFirst()).orElseThrow(ApiError::notServed);
    String name = path.size() > 1 ? path.get(1) : null;
    String subresource = path.size() > 2 ? path.get(2) : "";
    boolean served =
        subresource.isEmpty()
            || (subresource.equals("status") && kind.status())
            || (subresource.equals("scale") && kind.scale());
    if (!served || (name != null && kind.namespaced() && namespace == null)) {
      throw ApiError.notServed();
    }
    return new ApiRequest(method, url, kind, namespace, name, subresource, contentType, body);
  }

  @Nullable String query(String parameter) {
    return url.queryParameter(parameter);
  }

  boolean asks(String parameter) {
    return "true".equals(query(parameter));
  }

  /** Returns where the one object is. */
  ObjectStore.Key key() {
    if (name == null) {
      throw ApiError.methodNotAllowed();
    }
    return new ObjectStore.Key(kind, namespace == null ? "" : namespace, name);
  }

  /** Returns who writes, as managedFields names them. */
  ManagedFields.By by(String time) {
    String manager = query("fieldManager");
    return new ManagedFields.By(
        manager == null ? "unknown" : manager, subresource, kind.apiVersion(), time);
  }
}
