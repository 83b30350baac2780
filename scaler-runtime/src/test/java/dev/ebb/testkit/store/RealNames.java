package dev.ebb.testkit.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The names of a world's namespaces, on the server and in the world. A namespace is made when it is
 * first spoken of. Thread-safe.
 */
final class RealNames {

  private final String prefix;
  private final Consumer<String> create;
  private final Map<String, String> names = new ConcurrentHashMap<>();

  /**
   * Creates an empty set.
   *
   * @param prefix tells the world's namespaces from all others
   * @param create makes a namespace on the server
   */
  RealNames(String prefix, Consumer<String> create) {
    this.prefix = prefix;
    this.create = create;
  }

  /** Returns a namespace's name on the server; the empty one means the world's only namespace. */
  String toServer(String namespace) {
    if (!namespace.isEmpty()) {
      return names.computeIfAbsent(namespace, this::made);
    }
    if (names.size() != 1) {
      throw new IllegalStateException(
          "all namespaces can be asked for where there is one: " + names);
    }
    return names.values().iterator().next();
  }

  private String made(String namespace) {
    String real = prefix + namespace;
    create.accept(real);
    return real;
  }

  /** Renames the namespaces that are spoken of in a body. */
  void toServer(JsonNode body) {
    rename(body, namespace -> namespace.isEmpty() ? namespace : toServer(namespace));
  }

  /** Renames the namespaces that are spoken of in an answer. */
  void toWorld(JsonNode answer) {
    rename(
        answer,
        namespace ->
            namespace.startsWith(prefix) ? namespace.substring(prefix.length()) : namespace);
  }

  /** Renames the namespaces that are spoken of in a message. */
  String toWorld(String message) {
    return message.replace(prefix, "");
  }

  private static void rename(JsonNode node, UnaryOperator<String> other) {
    if (node instanceof ObjectNode object && object.path("namespace").isString()) {
      object.put("namespace", other.apply(object.path("namespace").asString("")));
    }
    node.forEach(child -> rename(child, other));
  }
}
