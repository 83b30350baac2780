package dev.ebb.testkit.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * What a request's path is about.
 *
 * @param root the path before the namespace, as {@code /apis/apps/v1}
 * @param namespace empty for all namespaces and for kinds without
 * @param plural the kind
 * @param name empty for the collection
 * @param subresource empty for the object itself
 */
record ApiPath(String root, String namespace, String plural, String name, String subresource) {

  /** Takes a path apart; empty for one that is about no kind. */
  static Optional<ApiPath> of(HttpUrl url) {
    List<String> parts = new ArrayList<>(url.pathSegments());
    int root = parts.getFirst().equals("apis") ? 3 : 2;
    if (parts.size() <= root || !List.of("api", "apis").contains(parts.getFirst())) {
      return Optional.empty();
    }
    String start = "/" + String.join("/", parts.subList(0, root));
    List<String> rest = parts.subList(root, parts.size());
    String namespace = "";
    if (rest.getFirst().equals("namespaces") && rest.size() > 2) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    return Optional.of(
        new ApiPath(
            start,
            namespace,
            rest.getFirst(),
            rest.size() > 1 ? rest.get(1) : "",
            rest.size() > 2 ? rest.get(2) : ""));
  }

  /** Returns the path as a text. */
  String text() {
    StringBuilder text = new StringBuilder(root);
    if (!namespace.isEmpty()) {
      text.append("/namespaces/").append(namespace);
    }
    text.append('/').append(plural);
    for (String part : List.of(name, subresource)) {
      text.append(part.isEmpty() ? "" : "/" + part);
    }
    return text.toString();
  }

  /** Returns the path of an object of this kind. */
  ApiPath object(String ofNamespace, String ofName) {
    return new ApiPath(root, ofNamespace, plural, ofName, "");
  }

  /** Returns the same in another namespace. */
  ApiPath in(String other) {
    return new ApiPath(root, other, plural, name, subresource);
  }
}
