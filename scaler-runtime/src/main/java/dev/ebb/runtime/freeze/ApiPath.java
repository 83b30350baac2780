package dev.ebb.runtime.freeze;

import java.util.Arrays;
import java.util.List;

/**
 * The path of a request to the Kubernetes API, taken apart.
 *
 * @param group the API group, empty for the core group
 * @param namespace the namespace, empty for none
 * @param plural the resource
 * @param name the object, empty for the collection
 * @param subresource empty for the object itself
 */
record ApiPath(String group, String namespace, String plural, String name, String subresource) {

  /** Takes a path apart; what is not of the resource API has an empty plural. */
  static ApiPath of(String path) {
    List<String> parts = Arrays.stream(path.split("/", -1)).filter(p -> !p.isEmpty()).toList();
    boolean core = at(parts, 0).equals("api");
    int next = core ? 2 : 3;
    String namespace = "";
    if (at(parts, next).equals("namespaces") && parts.size() > next + 2) {
      namespace = parts.get(next + 1);
      next += 2;
    }
    return new ApiPath(
        core ? "" : at(parts, 1),
        namespace,
        at(parts, next),
        at(parts, next + 1),
        at(parts, next + 2));
  }

  private static String at(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }
}
