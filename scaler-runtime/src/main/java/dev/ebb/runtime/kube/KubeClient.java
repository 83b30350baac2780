package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
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

  /** How long one request may take, watches aside. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);

  /** The content type of a patch. */
  public enum PatchType {
    /** RFC 7386. */
    MERGE("application/merge-patch+json"),
    /** RFC 6902. */
    JSON("application/json-patch+json"),
    /** Server-side apply; conflicts are forced, so apply only what Ebb owns. */
    APPLY("application/apply-patch+yaml");

    private final String contentType;

    PatchType(String contentType) {
      this.contentType = contentType;
    }
  }

  private final ApiClient apiClient;
  private final OkHttpClient http;
  private final OkHttpClient watchHttp;
  private final JsonMapper json;
  private final String fieldManager;
  private final WriteGate gate;

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
    this.apiClient = apiClient;
    this.http = apiClient.getHttpClient().newBuilder().callTimeout(REQUEST_TIMEOUT).build();
    // Pings find a dead connection within seconds; bookmarks arrive about once a minute.
    this.watchHttp =
        apiClient
            .getHttpClient()
            .newBuilder()
            .callTimeout(Duration.ZERO)
            .readTimeout(Duration.ofSeconds(150))
            .pingInterval(Duration.ofSeconds(10))
            .build();
    this.json = json;
    this.fieldManager = fieldManager;
    this.gate = gate;
  }

  private KubeClient(KubeClient other, WriteGate gate) {
    this.apiClient = other.apiClient;
    this.http = other.http;
    this.watchHttp = other.watchHttp;
    this.json = other.json;
    this.fieldManager = other.fieldManager;
    this.gate = gate;
  }

  /**
   * Returns the same client for writes that go on while Ebb is frozen: what keeps traffic on its
   * way, and what a user asks for at this moment.
   */
  public KubeClient evenFrozen() {
    return new KubeClient(this, WriteGate.OPEN);
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
        request("GET", type.path(key.namespace(), key.name(), null), Map.of(), null, null),
        type.javaType());
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
      JsonNode page = request("GET", type.path(namespace, null, null), query, null, null);
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
        request("POST", type.path(namespace, null, null), writeQuery(), "application/json", body),
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
    return decode(
        patchRaw(type.path(key.namespace(), key.name(), subresource), patchType, body),
        type.javaType());
  }

  /** Patches whatever is at a path; for kinds that are only known at run time. */
  public JsonNode patchRaw(String path, PatchType patchType, Object body) {
    Map<String, String> query = new HashMap<>(writeQuery());
    if (patchType == PatchType.APPLY) {
      query.put("force", "true");
    }
    return request("PATCH", path, query, patchType.contentType, body);
  }

  /**
   * Deletes an object if it is still the one that was read.
   *
   * @param seen the metadata that was read; its UID and version are preconditions
   * @return false when it was gone already
   */
  public boolean delete(ResourceType<?> type, Meta seen) {
    ObjectNode options = json.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options
        .putObject("preconditions")
        .put("uid", seen.uid())
        .put("resourceVersion", seen.resourceVersion());
    try {
      request(
          "DELETE",
          type.path(seen.namespace(), seen.name(), null),
          Map.of(),
          "application/json",
          options);
      return true;
    } catch (KubeException e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
  }

  /** Reads whatever is at a path. */
  public JsonNode getRaw(String path) {
    return request("GET", path, Map.of(), null, null);
  }

  /** Posts to a path, for reviews. */
  public JsonNode postRaw(String path, Object body) {
    return request("POST", path, Map.of(), "application/json", body);
  }

  /**
   * Opens a watch. The caller closes the response.
   *
   * @param query includes the resource version to start from
   * @throws KubeException if the server refuses
   */
  Response openWatch(String path, Map<String, String> query) {
    String what = "WATCH " + path;
    try {
      Response response = watchHttp.newCall(build("GET", path, query, null, null)).execute();
      if (!response.isSuccessful()) {
        try (response) {
          throw refused(what, response);
        }
      }
      return response;
    } catch (IOException e) {
      throw new KubeException(what, e);
    }
  }

  private Map<String, String> writeQuery() {
    return Map.of("fieldManager", fieldManager);
  }

  private JsonNode request(
      String method,
      String path,
      Map<String, String> query,
      @Nullable String contentType,
      @Nullable Object body) {
    String what = method + " " + path;
    if (!method.equals("GET")) {
      gate.check(new WriteGate.Write(method, path, body), this::getRaw);
    }
    try (Response response =
        http.newCall(build(method, path, query, contentType, body)).execute()) {
      if (!response.isSuccessful()) {
        throw refused(what, response);
      }
      return json.readTree(bytes(response));
    } catch (IOException e) {
      throw new KubeException(what, e);
    } catch (JacksonException e) {
      throw new KubeException(what, new IOException("unreadable answer", e));
    }
  }

  private Request build(
      String method,
      String path,
      Map<String, String> query,
      @Nullable String contentType,
      @Nullable Object body) {
    List<Pair> params =
        query.entrySet().stream().map(e -> new Pair(e.getKey(), e.getValue())).toList();
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept", "application/json");
    if (contentType != null) {
      headers.put("Content-Type", contentType);
    }
    byte[] bytes = body == null ? null : json.writeValueAsBytes(body);
    try {
      return apiClient.buildRequest(
          null,
          path,
          method,
          params,
          List.of(),
          bytes,
          headers,
          new HashMap<>(),
          Map.of(),
          new String[] {"BearerToken"},
          null);
    } catch (ApiException e) {
      throw new IllegalArgumentException("cannot build " + method + " " + path, e);
    }
  }

  private KubeException refused(String what, Response response) throws IOException {
    byte[] bytes = bytes(response);
    String reason = "";
    String message = response.message();
    try {
      JsonNode status = json.readTree(bytes);
      reason = status.path("reason").asString("");
      message = status.path("message").asString(message);
    } catch (JacksonException e) {
      message = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
    return new KubeException(
        response.code(), reason, what + ": " + response.code() + " " + message.strip());
  }

  private static byte[] bytes(Response response) throws IOException {
    ResponseBody body = response.body();
    return body == null ? new byte[0] : body.bytes();
  }

  private <T> T decode(JsonNode node, Class<T> type) {
    return json.treeToValue(node, type);
  }
}
