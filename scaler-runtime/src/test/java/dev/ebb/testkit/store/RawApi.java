package dev.ebb.testkit.store;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests to a Kubernetes API as they are, and answers as they are, refusals included: for tests
 * of the API itself, and for users and controllers that a test plays. Bodies are YAML. Thread-safe.
 */
public final class RawApi {

  /** The content type of a merge patch. */
  public static final String MERGE = "application/merge-patch+json";

  /** The content type of a JSON patch. */
  public static final String JSON_PATCH = "application/json-patch+json";

  /** The content type of a server-side apply. */
  public static final String APPLY = "application/apply-patch+yaml";

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  /**
   * An answer.
   *
   * @param code the HTTP status
   * @param body the object, or the Status
   */
  public record Answer(int code, JsonNode body) {
    /** Returns the text at a JSON pointer, empty when there is none. */
    public String text(String pointer) {
      JsonNode node = body.at(pointer);
      return node.isValueNode() && !node.isNull() && !node.isMissingNode() ? node.asString("") : "";
    }

    /** Returns the object's version. */
    public String version() {
      return text("/metadata/resourceVersion");
    }

    /** Returns the object's UID. */
    public String uid() {
      return text("/metadata/uid");
    }

    /** Returns code and reason, as {@code 409 Conflict}. */
    public String refusal() {
      return code + " " + text("/reason");
    }
  }

  private final String base;
  private final OkHttpClient http;
  private final OkHttpClient watches;

  /** Creates a client with the address and the rights of client-java's. */
  public RawApi(ApiClient api) {
    this.base = api.getBasePath();
    this.http = api.getHttpClient();
    this.watches = http.newBuilder().readTimeout(Duration.ZERO).build();
  }

  /** Reads an object or a list. */
  public Answer get(String path, String... query) {
    return send("GET", path, null, "", query);
  }

  /** Creates an object. */
  public Answer post(String path, String yaml, String... query) {
    return send("POST", path, "application/json", yaml, query);
  }

  /** Replaces an object. */
  public Answer put(String path, JsonNode object, String... query) {
    return send("PUT", path, "application/json", object.toString(), query);
  }

  /** Patches an object. */
  public Answer patch(String path, String type, String yaml, String... query) {
    return send("PATCH", path, type, yaml, query);
  }

  /** Merges into an object. */
  public Answer merge(String path, String yaml) {
    return patch(path, MERGE, yaml);
  }

  /** Applies as a manager, by force or not. */
  public Answer apply(String path, String manager, boolean force, String yaml) {
    return patch(path, APPLY, yaml, "fieldManager=" + manager, "force=" + Boolean.toString(force));
  }

  /** Deletes an object under options, which may be empty. */
  public Answer delete(String path, String options) {
    return send("DELETE", path, options.isEmpty() ? null : "application/json", options);
  }

  private Answer send(
      String method, String path, @Nullable String type, String yaml, String... query) {
    RequestBody body =
        type == null
            ? null
            : RequestBody.create(
                JSON.writeValueAsBytes(new Yaml().<Object>load(yaml)), MediaType.get(type));
    Request request = new Request.Builder().url(url(path, query)).method(method, body).build();
    try (Response response = http.newCall(request).execute()) {
      String text = response.body().string();
      boolean json = text.startsWith("{");
      return new Answer(response.code(), json ? JSON.readTree(text) : JSON.valueToTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpUrl url(String path, String... query) {
    HttpUrl.Builder url = HttpUrl.get(base + path).newBuilder();
    for (String parameter : query) {
      String[] parts = parameter.split("=", 2);
      url.addQueryParameter(parts[0], parts[1]);
    }
    return url.build();
  }

  /** Opens a watch; it reads on a thread of its own until it is closed. */
  public Watch watch(String path, String... query) {
    Request request =
        new Request.Builder()
            .url(url(path, query).newBuilder().addQueryParameter("watch", "true").build())
            .build();
    try {
      return new Watch(watches.newCall(request).execute());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a watch told so far. */
  public static final class Watch implements AutoCloseable {

    private final Response response;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();

    private Watch(Response response) {
      this.response = response;
      Thread.ofVirtual().name("raw-watch").start(this::read);
    }

    private void read() {
      try {
        var source = response.body().source();
        for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
          events.add(JSON.readTree(line));
        }
      } catch (IOException | IllegalStateException e) {
        // It was closed.
      }
    }

    /** Returns the events as they came. */
    public List<JsonNode> events() {
      return List.copyOf(events);
    }

    /** Returns type and name of each event, as {@code ADDED shop}; bookmarks left out. */
    public List<String> told() {
      return events.stream()
          .filter(e -> !e.path("type").asString("").equals("BOOKMARK"))
          .map(e ->
              e.path("type").asString("")
                  + " "
                  + e.path("object").path("metadata").path("name").asString(""))
          .toList();
    }

    @Override
    public void close() {
      response.close();
    }
  }
}
