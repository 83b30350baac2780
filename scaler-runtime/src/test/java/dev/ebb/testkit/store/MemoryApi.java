package dev.ebb.testkit.store;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.testkit.history.WorldApi;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Kubernetes API in memory. It answers in the place of a network, on the caller's thread, so a
 * request takes microseconds and a watch is told in the moment of the write. Thread-safe.
 *
 * <p>It serves the kinds that Ebb reads or writes and the custom resources that it is given: list
 * (selectors, pages), watch (from a version, bookmarks, 410), create, update, merge patch, JSON
 * patch, server-side apply, the {@code status} and {@code scale} subresources, managedFields,
 * deletion with preconditions, finalizers, garbage collection, generations, namespaces. {@code
 * ApiContract} holds it to what a real API server does.
 *
 * <p>It has no authentication, no admission, no CEL and no controllers but the garbage collector;
 * field ownership takes a list for one field; a watch ends only when it is told to.
 */
public final class MemoryApi implements WorldApi {

  private static final MediaType JSON = MediaType.get("application/json");

  private final JsonMapper json = RuntimeAutoConfiguration.kubernetesJson();
  private final ReentrantLock lock = new ReentrantLock();
  private final Quiet quiet = new Quiet();
  private final ApiKinds kinds = new ApiKinds();
  private final ObjectStore store = new ObjectStore();
  private final Writes writes;
  private final Deletes deletes;
  private final List<WatchStream> streams = new ArrayList<>();
  private final Set<String> held = new HashSet<>();
  private final Map<String, List<ObjectNode>> pages = new HashMap<>();

  /**
   * Creates an API with no object but the namespace {@code default}.
   *
   * @param clock tells the time of creations, deletions and ownership
   */
  public MemoryApi(InstantSource clock) {
    this.writes = new Writes(store, kinds, clock);
    this.deletes = new Deletes(store, kinds, writes);
    namespace("default");
  }

  @Override
  public MemoryApi define(Path definition) {
    try (Reader reader = Files.newBufferedReader(definition)) {
      JsonNode tree = json.valueToTree(new Yaml().load(reader));
      locked(() -> {
        kinds.define(tree);
        return null;
      });
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public MemoryApi namespace(String name) {
    ObjectNode body = json.createObjectNode();
    body.put("apiVersion", "v1").put("kind", "Namespace").putObject("metadata").put("name", name);
    new KubeClient(apiClient(), json, "test-kit").postRaw("/api/v1/namespaces", body);
    return this;
  }

  /**
   * Returns client-java's client of this API.
   *
   * @param before are asked before the API, the first one first; for faults and for records
   */
  public ApiClient apiClient(Interceptor... before) {
    OkHttpClient.Builder http = new OkHttpClient.Builder();
    for (Interceptor interceptor : before) {
      http.addInterceptor(interceptor);
    }
    return new ApiClient(http.addInterceptor(this::answer).build())
        .setBasePath("http://memory.invalid");
  }

  @Override
  public KubeClient client(String fieldManager, Interceptor... before) {
    return new KubeClient(apiClient(before), json, fieldManager);
  }

  @Override
  public long revision(Collection<String> plurals) {
    return locked(() -> store.revision(plurals));
  }

  // What tests do to watches.

  /** Sends a bookmark to every watch that asked for them. */
  public void bookmark() {
    locked(() -> {
      streams.forEach(stream -> stream.bookmark(store.revision()));
      return null;
    });
  }

  @Override
  public void compact() {
    locked(() -> {
      store.compact();
      return null;
    });
  }

  @Override
  public void endWatches() {
    locked(() -> {
      streams.forEach(stream -> stream.lines().end());
      return null;
    });
  }

  @Override
  public void hold(String plural) {
    locked(() -> {
      held.add(plural);
      streams.stream()
          .filter(s -> s.kind().plural().equals(plural))
          .forEach(s -> s.lines().hold(true));
      return null;
    });
  }

  @Override
  public void letGo() {
    locked(() -> {
      held.clear();
      streams.forEach(stream -> stream.lines().hold(false));
      return null;
    });
  }

  @Override
  public void awaitDrained(int watches, Duration longest) {
    quiet.await(() -> drained(watches), longest, () -> "the watches are not read to their end");
  }

  private boolean drained(int watches) {
    return locked(
        () -> streams.size() == watches && streams.stream().allMatch(s -> s.lines().drained()));
  }

  // Requests.

  private Response answer(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    try {
      JsonNode body = body(request);
      return locked(() -> serve(request, body));
    } catch (ApiError e) {
      return response(request, e.code(), e.status(json));
    }
  }

  private JsonNode body(Request request) throws IOException {
    if (request.body() == null) {
      return json.missingNode();
    }
    try (Buffer buffer = new Buffer()) {
      request.body().writeTo(buffer);
      return json.readTree(buffer.readByteArray());
    }
  }

  /** OkHttp itself puts a body's type into the header only after all interceptors. */
  private static String contentType(Request request) {
    return request.body() != null && request.body().contentType() != null
        ? request.body().contentType().toString()
        : String.valueOf(request.header("Content-Type"));
  }

  private Response serve(Request request, JsonNode body) {
    List<String> path = request.url().pathSegments();
    if (path.size() == (path.getFirst().equals("apis") ? 3 : 2)) {
      String group = path.size() == 3 ? path.get(1) : "";
      return kinds
          .discovery(json, group, path.getLast())
          .map(found -> response(request, 200, found))
          .orElseThrow(ApiError::notServed);
    }
    ApiRequest asked =
        ApiRequest.of(kinds, request.method(), request.url(), contentType(request), body);
    if (asked.query("dryRun") != null) {
      throw ApiError.badRequest("the store knows no dryRun");
    }
    return switch (asked.method()) {
      case "GET" -> asked.name() == null ? many(request, asked) : one(request, asked);
      case "POST" -> write(request, 201, () -> writes.create(asked));
      case "PUT" -> write(request, 200, () -> writes.replace(asked));
      case "PATCH" -> {
        boolean exists = store.get(asked.key()).isPresent();
        yield write(request, exists ? 200 : 201, () -> writes.patch(asked));
      }
      case "DELETE" -> write(request, 200, () -> deletes.delete(asked));
      default -> throw ApiError.methodNotAllowed();
    };
  }

  private Response write(Request request, int code, Supplier<ObjectNode> write) {
    Response response = response(request, code, write.get());
    deletes.collect();
    return response;
  }

  private Response one(Request request, ApiRequest asked) {
    ObjectNode object = writes.require(asked.key());
    return response(request, 200, asked.subresource().equals("scale") ? Scales.of(object) : object);
  }

  private Response many(Request request, ApiRequest asked) {
    Predicate<JsonNode> selected =
        Selectors.of(asked.query("labelSelector"), asked.query("fieldSelector"));
    return asked.asks("watch")
        ? watch(request, asked, selected)
        : response(request, 200, list(asked, selected));
  }

  private ObjectNode list(ApiRequest asked, Predicate<JsonNode> selected) {
    ApiKind kind = asked.kind();
    ObjectNode list = json.createObjectNode();
    list.put("kind", kind.kind() + "List").put("apiVersion", kind.apiVersion());
    ObjectNode metadata = list.putObject("metadata");
    String token = asked.query("continue");
    List<ObjectNode> rest;
    String revision;
    if (token == null) {
      rest = store.list(kind, asked.namespace(), selected);
      revision = Long.toString(store.revision());
    } else {
      rest = pages.remove(token);
      revision = token.split("-", 2)[0];
      if (rest == null) {
        throw ApiError.expired(revision, store.oldest());
      }
    }
    metadata.put("resourceVersion", revision);
    int limit = asked.query("limit") == null ? 0 : Integer.parseInt(asked.query("limit"));
    if (limit > 0 && rest.size() > limit) {
      String next = revision + "-" + pages.size();
      pages.put(next, rest.subList(limit, rest.size()));
      metadata.put("continue", next).put("remainingItemCount", rest.size() - limit);
      rest = rest.subList(0, limit);
    }
    ArrayNode items = list.putArray("items");
    for (ObjectNode object : rest) {
      ObjectNode item = object.deepCopy();
      if (kind.schema() == null) {
        // As the real one: items of built-in kinds do not say what they are.
        item.remove("kind");
        item.remove("apiVersion");
      }
      items.add(item);
    }
    return list;
  }

  private Response watch(Request request, ApiRequest asked, Predicate<JsonNode> selected) {
    WatchStream stream =
        new WatchStream(
            json,
            asked.kind(),
            asked.namespace(),
            selected,
            asked.asks("allowWatchBookmarks"),
            quiet::sign,
            this::closed);
    replay(stream, asked, selected);
    stream.lines().hold(held.contains(asked.kind().plural()));
    store.follow(stream);
    streams.add(stream);
    return response(request, 200, ResponseBody.create(Okio.buffer(stream.lines()), JSON, -1));
  }

  private void replay(WatchStream stream, ApiRequest asked, Predicate<JsonNode> selected) {
    String from = asked.query("resourceVersion");
    if (from == null || from.isEmpty() || from.equals("0")) {
      store
          .list(asked.kind(), asked.namespace(), selected)
          .forEach(object -> stream.send("ADDED", object));
    } else if (Long.parseLong(from) < store.oldest()) {
      stream.send("ERROR", ApiError.expired(from, store.oldest()).status(json));
      stream.lines().end();
    } else {
      store.since(Long.parseLong(from)).forEach(stream);
    }
  }

  private void closed(WatchStream stream) {
    locked(() -> {
      store.unfollow(stream);
      return streams.remove(stream);
    });
    quiet.sign();
  }

  private Response response(Request request, int code, JsonNode body) {
    return response(request, code, ResponseBody.create(json.writeValueAsString(body), JSON));
  }

  private static Response response(Request request, int code, ResponseBody body) {
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(code)
        .message("")
        .body(body)
        .build();
  }

  private <T extends @Nullable Object> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
