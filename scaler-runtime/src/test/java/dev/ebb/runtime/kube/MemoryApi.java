package dev.ebb.runtime.kube;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Enough of an API server for two elections, in memory and without a network: objects by path,
 * resourceVersions with conflicts, create, replace and merge patch. Thread-safe.
 */
final class MemoryApi {

  /** One request that was answered. */
  record Call(String method, String path, JsonNode body) {}

  private final JsonMapper json = RuntimeAutoConfiguration.kubernetesJson();
  private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Predicate<Request> down = request -> false;
  private int version = 100;

  /** Returns a client-java client of this server. */
  ApiClient apiClient() {
    return new ApiClient(new OkHttpClient.Builder().addInterceptor(this::intercept).build())
        .setBasePath("http://api.invalid");
  }

  /** Returns our client of this server. */
  KubeClient client() {
    return new KubeClient(apiClient(), json, "ebb-test");
  }

  /** Refuses requests from now on. */
  void down(Predicate<Request> which) {
    down = which;
  }

  /** Returns the requests with a method so far. */
  List<Call> calls(String method) {
    return calls.stream().filter(call -> call.method().equals(method)).toList();
  }

  /** Returns the object at a path, or an empty one. */
  synchronized JsonNode at(String path) {
    ObjectNode object = objects.get(path);
    return object == null ? json.createObjectNode() : object.deepCopy();
  }

  /** Puts a field of an object, as somebody else would. */
  synchronized void edit(String path, String parent, String field, String value) {
    ObjectNode object = objects.get(path);
    ((ObjectNode) object.path(parent)).put(field, value);
    bump(object);
  }

  private Response intercept(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    byte[] bytes = new byte[0];
    if (request.body() != null) {
      try (Buffer buffer = new Buffer()) {
        request.body().writeTo(buffer);
        bytes = buffer.readByteArray();
      }
    }
    JsonNode body = bytes.length == 0 ? json.createObjectNode() : json.readTree(bytes);
    if (down.test(request)) {
      throw new IOException("down");
    }
    calls.add(new Call(request.method(), request.url().encodedPath(), body));
    List<Object> answer = answer(request.method(), request.url().encodedPath(), body);
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code((int) answer.getFirst())
        .message("told")
        .body(
            ResponseBody.create(
                String.valueOf(answer.getLast()), MediaType.get("application/json")))
        .build();
  }

  private synchronized List<Object> answer(String method, String path, JsonNode body) {
    ObjectNode object = objects.get(path);
    return switch (method) {
      case "GET" -> object == null ? status(404) : List.of(200, object);
      case "POST" -> {
        String own = path + "/" + body.path("metadata").path("name").asString("");
        yield objects.containsKey(own) ? status(409) : store(own, (ObjectNode) body.deepCopy());
      }
      case "PUT" ->
          conflicts(object, body) ? status(409) : store(path, (ObjectNode) body.deepCopy());
      case "PATCH" -> {
        if (object == null || conflicts(object, body)) {
          yield status(object == null ? 404 : 409);
        }
        ObjectNode merged = object.deepCopy();
        merge(merged, body);
        yield store(path, merged);
      }
      case "DELETE" -> objects.remove(path) == null ? status(404) : status(200);
      default -> status(405);
    };
  }

  private boolean conflicts(ObjectNode object, JsonNode body) {
    String given = body.path("metadata").path("resourceVersion").asString("");
    return object == null
        || !(given.isEmpty() || given.equals(object.at("/metadata/resourceVersion").asString()));
  }

  private List<Object> store(String path, ObjectNode object) {
    bump(object);
    objects.put(path, object);
    return List.of(200, object);
  }

  private void bump(ObjectNode object) {
    ((ObjectNode) object.path("metadata")).put("resourceVersion", Integer.toString(++version));
  }

  private List<Object> status(int code) {
    return List.of(code, "{\"kind\": \"Status\", \"code\": " + code + "}");
  }

  private static void merge(ObjectNode into, JsonNode patch) {
    for (Map.Entry<String, JsonNode> field : new ArrayList<>(patch.properties())) {
      if (field.getValue().isNull()) {
        into.remove(field.getKey());
      } else if (field.getValue().isObject()
          && into.path(field.getKey()) instanceof ObjectNode child) {
        merge(child, field.getValue());
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }
}
