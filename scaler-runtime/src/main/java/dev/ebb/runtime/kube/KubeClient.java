package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Typed requests to the Kubernetes API over client-java's {@link ApiClient}, which brings
 * credentials, TLS and connections. JSON goes through Jackson, so that objects decode into slim
 * records instead of client-java's full models.
 *
 * <p>Every call blocks until the answer and throws {@link KubeException}; call from virtual
 * threads. Thread-safe. Every write carries the service's field manager.
 */
public final class KubeClient {

  /** The content type of a patch. */
  public enum PatchType {
    /** RFC 7386. */
    MERGE("application/merge-patch+json"),
    /** RFC 6902. */
    JSON("application/json-patch+json");

    private final String contentType;

    PatchType(String contentType) {
      this.contentType = contentType;
    }
  }

  private final KubeRequests requests;
  private final JsonMapper json;
  private final String fieldManager;

  /** Creates a client whose writes nobody is asked about. */
  public KubeClient(ApiClient apiClient, JsonMapper json, String fieldManager) {
    this(apiClient, json, fieldManager, WriteGate.OPEN);
  }

  /**
   * Creates a client.
   *
   * @param apiClient configured with the server's address and credentials
   * @param json how objects are decoded and encoded
   * @param fieldManager the name that the API server records for writes, {@code ebb-<service>}
   * @param gate is asked before each write
   */
  public KubeClient(ApiClient apiClient, JsonMapper json, String fieldManager, WriteGate gate) {
    this(KubeRequests.over(apiClient, json, gate), fieldManager);
  }

  private KubeClient(KubeRequests requests, String fieldManager) {
    this.requests = requests;
    this.json = requests.json();
    this.fieldManager = fieldManager;
  }

  /**
   * Returns the same client for writes that go on while Ebb is frozen: what keeps traffic on its
   * way, and what a user asks for at this moment.
   */
  public KubeClient evenFrozen() {
    return new KubeClient(requests.gatedBy(WriteGate.OPEN), fieldManager);
  }

  /**
   * Returns a client that asks before each write, and whose writes are over before somebody else
   * may write. Reads and reviews are asked for by nobody.
   */
  public KubeClient guardedBy(WriteGuard guard) {
    return new KubeClient(requests.guardedBy(guard), fieldManager);
  }

  /**
   * Returns a client that writes without being asked for leadership: for the Lease itself, and for
   * what a user asks any replica for.
   */
  public KubeClient unguarded() {
    return guardedBy(() -> true);
  }

  /** Returns a client whose requests are given up after a time. */
  KubeClient within(Duration limit) {
    return new KubeClient(requests.within(limit), fieldManager);
  }

  /** Returns the mapper that this client decodes with. */
  public JsonMapper json() {
    return json;
  }

  /** Returns the name that the API server records for this client's writes. */
  public String fieldManager() {
    return fieldManager;
  }

  /**
   * Reads one object live.
   *
   * @throws KubeException also when it does not exist
   */
  public <T> T get(ResourceType<T> type, ResourceKey key) {
    return decode(
        requests.read(type.path(key.namespace(), key.name(), null), Map.of()), type.javaType());
  }

  /** Reads one object live; empty when it does not exist. */
  public <T> Optional<T> find(ResourceType<T> type, ResourceKey key) {
    try {
      return Optional.of(get(type, key));
    } catch (KubeException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Lists objects live (a quorum read), in pages.
   *
   * @param namespace the namespace, or null for all
   * @param selectors query parameters such as {@code labelSelector}
   */
  public <T> Page<T> list(
      ResourceType<T> type, @Nullable String namespace, Map<String, String> selectors) {
    List<T> items = new ArrayList<>();
    Map<String, String> query = new HashMap<>(selectors);
    query.put("limit", "500");
    while (true) {
      JsonNode page = requests.read(type.path(namespace, null, null), query);
      for (JsonNode item : page.path("items")) {
        items.add(decode(item, type.javaType()));
      }
      String next = page.path("metadata").path("continue").asString("");
      if (next.isEmpty()) {
        return new Page<>(items, page.path("metadata").path("resourceVersion").asString(""));
      }
      query.put("continue", next);
    }
  }

  /**
   * All objects of a list.
   *
   * @param items the objects
   * @param resourceVersion where a watch may start
   */
  public record Page<T>(List<T> items, String resourceVersion) {}

  /** Creates an object from its JSON form; returns what the server made of it. */
  public <T> T create(ResourceType<T> type, String namespace, Object body) {
    return decode(
        requests.write(
            "POST", type.path(namespace, null, null), writeQuery(), "application/json", body),
        type.javaType());
  }

  /**
   * Patches an object or a subresource of it.
   *
   * @param subresource for example {@code status}, or null
   * @param body the patch; put {@code metadata.resourceVersion} in to write only what was read
   */
  public <T> T patch(
      ResourceType<T> type,
      ResourceKey key,
      @Nullable String subresource,
      PatchType patchType,
      Object body) {
    return patch(type, type.path(key.namespace(), key.name(), subresource), patchType, body);
  }

  /** Patches what is at a path. */
  <T> T patch(ResourceType<T> type, String path, PatchType patchType, Object body) {
    return decode(
        requests.write("PATCH", path, writeQuery(), patchType.contentType, body), type.javaType());
  }

  /**
   * Applies what Ebb owns to whatever is at a path, on the server's side; conflicts are forced.
   * Empty maps and lists and nulls in the body are left out: they would claim fields that nobody
   * meant, and take them from others.
   *
   * @param body a manifest, with the fields that Ebb owns and no others
   * @param meant JSON pointers of empty values that are meant, as in {@code /spec/paused}
   */
  public JsonNode apply(String path, Object body, String... meant) {
    Map<String, String> query = new HashMap<>(writeQuery());
    query.put("force", "true");
    return requests.write(
        "PATCH",
        path,
        query,
        "application/apply-patch+yaml",
        Manifests.withoutEmpty(json.<JsonNode>valueToTree(body).deepCopy(), Set.of(meant)));
  }

  /** Applies what Ebb owns of an object of a known type; see {@link #apply(String, Object)}. */
  public <T> T apply(ResourceType<T> type, ResourceKey key, Object body, String... meant) {
    return decode(
        apply(type.path(key.namespace(), key.name(), null), body, meant), type.javaType());
  }

  /**
   * Deletes an object if it is still the one that was read.
   *
   * @param seen the metadata that was read; its UID and version are preconditions
   * @return false when it was gone already
   */
  public boolean delete(ResourceType<?> type, Meta seen) {
    return deleted(type, seen).isPresent();
  }

  /** Deletes as {@link #delete}; returns what the server answers, nothing when it was gone. */
  Optional<JsonNode> deleted(ResourceType<?> type, Meta seen) {
    if (seen.uid().isEmpty() || seen.resourceVersion().isEmpty()) {
      throw new IllegalArgumentException("delete only what was read: " + type.plural() + seen);
    }
    ObjectNode options = json.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options
        .putObject("preconditions")
        .put("uid", seen.uid())
        .put("resourceVersion", seen.resourceVersion());
    String path = type.path(seen.namespace(), seen.name(), null);
    try {
      return Optional.of(requests.write("DELETE", path, Map.of(), "application/json", options));
    } catch (KubeException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Reads whatever is at a path. */
  public JsonNode getRaw(String path) {
    return requests.read(path, Map.of());
  }

  /** Posts to a path, for reviews, which write nothing. */
  public JsonNode postRaw(String path, Object body) {
    return requests.ask(path, body);
  }

  /**
   * Opens a watch. The caller closes it.
   *
   * @param query includes the resource version to start from
   * @throws KubeException if the server refuses
   */
  Watch openWatch(String path, Map<String, String> query) {
    return requests.openWatch(path, query);
  }

  private Map<String, String> writeQuery() {
    return Map.of("fieldManager", fieldManager);
  }

  private <T> T decode(JsonNode node, Class<T> type) {
    return json.treeToValue(node, type);
  }
}
