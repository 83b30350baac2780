package dev.ebb.testkit.matrix;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.scaler.ResourceKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where one cell of the matrix plays: a namespace of its own, which is also where the service is
 * installed and the only one that it watches.
 *
 * @param cluster the real cluster
 * @param client reads and writes with all rights, past every fault
 * @param namespace the cell's own
 */
public record World(Cluster cluster, KubeClient client, String namespace) {

  /** Makes the namespace. */
  void make() {
    cluster.kubectl("create", "namespace", namespace).orThrow();
  }

  /** Deletes the namespace, whatever finalizers the objects of these kinds have. */
  void end(List<ResourceType<JsonNode>> kinds) {
    cluster.kubectl("delete", "namespace", namespace, "--wait=false", "--ignore-not-found");
    for (ResourceType<JsonNode> kind : kinds) {
      client.list(kind, namespace, Map.of()).items().stream()
          .filter(object -> object.path("metadata").has("finalizers"))
          .forEach(object -> release(kind, object.at("/metadata/name").asString()));
    }
  }

  private void release(ResourceType<JsonNode> kind, String name) {
    try {
      client.patch(
          kind,
          key(name),
          null,
          KubeClient.PatchType.MERGE,
          Map.of("metadata", Map.of("finalizers", List.of())));
    } catch (KubeException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  /** Runs kubectl in the namespace; what does not succeed is an error. */
  public String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  /**
   * Applies the manifests of a file in the namespace, under another field manager than Ebb's.
   *
   * @param placeholder is replaced wherever it stands
   */
  public void apply(Path file, String placeholder, String value) {
    try {
      Path filled = Files.createTempFile("matrix", ".yaml");
      Files.writeString(filled, Files.readString(file).replace(placeholder, value));
      apply(filled);
      Files.delete(filled);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies the manifests of a file in the namespace, as they are. */
  public void apply(Path file) {
    kubectl("apply", "--server-side", "--field-manager=matrix", "-f", file.toString());
  }

  /** Creates an object of the namespace. */
  public void create(ResourceType<JsonNode> kind, String name, Map<String, ?> spec) {
    client.create(
        kind,
        namespace,
        Map.of(
            "apiVersion",
            kind.apiVersion(),
            "kind",
            kind.kind(),
            "metadata",
            Map.of("name", name),
            "spec",
            spec));
  }

  /** Returns a kind as one whose objects are read as they are. */
  public static ResourceType<JsonNode> raw(ResourceType<?> type) {
    return new ResourceType<>(
        type.group(), type.version(), type.plural(), type.kind(), JsonNode.class);
  }

  /** Returns the status of a condition of an object; empty when it has none. */
  public String condition(ResourceType<JsonNode> type, String name, String condition) {
    return get(type, name)
        .at("/status/conditions")
        .valueStream()
        .filter(c -> c.path("type").asString("").equals(condition))
        .map(c -> c.path("status").asString(""))
        .findFirst()
        .orElse("");
  }

  /** Returns the key of an object of the namespace. */
  public ResourceKey key(String name) {
    return new ResourceKey(namespace, name);
  }

  /** Sets annotations of the object at a path; does nothing when it is gone. */
  void touch(String path, Map<String, String> annotations) {
    try {
      JsonNode object = client.getRaw(path);
      client.apply(
          path,
          Map.of(
              "apiVersion",
              object.path("apiVersion").asString(),
              "kind",
              object.path("kind").asString(),
              "metadata",
              Map.of(
                  "name",
                  object.at("/metadata/name").asString(),
                  "namespace",
                  namespace,
                  "annotations",
                  annotations)));
    } catch (KubeException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  /** Deletes the object at a path, and returns its manifest. */
  JsonNode remove(String path) {
    ObjectNode object = (ObjectNode) client.getRaw(path).deepCopy();
    String name = object.at("/metadata/name").asString();
    kubectl(
        "delete",
        object.path("kind").asString(),
        name,
        "--cascade=background",
        "--ignore-not-found",
        "--wait=true");
    object.remove("status");
    ((ObjectNode) object.path("metadata"))
        .remove(
            List.of("uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"));
    ((ObjectNode) object.path("spec")).remove(List.of("clusterIP", "clusterIPs"));
    return object;
  }

  /** Makes an object anew at the path where it was. */
  void restore(String path, JsonNode manifest) {
    client.apply(path, manifest);
  }

  /** Reads an object live. */
  public JsonNode get(ResourceType<JsonNode> type, String name) {
    return client.get(type, key(name));
  }
}
