package dev.ebb.testkit.store;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.testkit.history.WorldApi;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A world's part of a real API server without controllers: namespaces that nobody else uses, under
 * the names that the world gave them, with the world's time in all objects. It stands between each
 * client and the server, so it knows every write: it removes what is owned by nobody any longer,
 * keeps back what watches tell, and knows when all of them have told everything. Thread-safe.
 *
 * <p>A list or watch of all namespaces is one of the world's only namespace. Of several owners that
 * are not all gone none is forgotten.
 */
final class RealApi implements WorldApi {

  static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final MediaType TYPE = MediaType.get("application/json");

  private final RealApis apis;
  private final RealNames names;
  private final RealTimes times;
  private final RealObjects objects = new RealObjects();
  private final RealViews views = new RealViews();
  private final Quiet quiet = new Quiet();
  private final List<RealWatch> watches = new CopyOnWriteArrayList<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final AtomicLong newest = new AtomicLong();
  private volatile long oldest;

  RealApi(RealApis apis, String prefix, InstantSource clock) {
    this.apis = apis;
    this.names = new RealNames(prefix, apis::createNamespace);
    this.times = new RealTimes(clock);
  }

  @Override
  public KubeClient client(String fieldManager, Interceptor... before) {
    ApiClient base = apis.base();
    OkHttpClient.Builder http = base.getHttpClient().newBuilder();
    for (Interceptor interceptor : before) {
      http.addInterceptor(interceptor);
    }
    ApiClient client =
        new ApiClient(http.addInterceptor(this::answer).build()).setBasePath(base.getBasePath());
    return new KubeClient(client, JSON, fieldManager);
  }

  @Override
  public RealApi define(Path definition) {
    apis.define(definition);
    return this;
  }

  @Override
  public RealApi namespace(String name) {
    names.toServer(name);
    return this;
  }

  @Override
  public long revision(Collection<String> plurals) {
    return objects.revision(plurals);
  }

  // Watches.

  @Override
  public void hold(String plural) {
    held.add(plural);
    watches.stream()
        .filter(watch -> watch.collection().path().plural().equals(plural))
        .forEach(watch -> watch.lines().hold(true));
  }

  @Override
  public void letGo() {
    held.clear();
    watches.forEach(watch -> watch.lines().hold(false));
  }

  @Override
  public void endWatches() {
    watches.forEach(RealWatch::end);
  }

  @Override
  public void compact() {
    oldest = newest.get();
  }

  @Override
  public void awaitDrained(int count, Duration longest) {
    quiet.await(
        () -> watches.size() == count && watches.stream().allMatch(watch -> watch.drained(objects)),
        longest,
        () -> "of %d watches not all are read to their end: %s".formatted(count, behind()));
  }

  private String behind() {
    return watches.stream()
        .map(watch ->
            "%s: %s, %s"
                .formatted(
                    watch,
                    watch.lines().drained() ? "read" : "being read",
                    watch.lines().held() ? "held" : watch.missing(objects)))
        .collect(Collectors.joining("\n", "\n", ""));
  }

  private Response watch(Interceptor.Chain chain, Request asked, ApiPath path) throws IOException {
    RealWatch.Collection collection = collection(asked, path);
    String from = String.valueOf(asked.url().queryParameter("resourceVersion"));
    if (Long.parseLong(from) < oldest) {
      return expired(asked, from);
    }
    Map<String, String> known =
        views
            .at(collection.key(), from)
            .orElseThrow(
                () -> new IllegalStateException("nobody listed " + collection.key() + " " + from));
    Response upstream = chain.proceed(toServer(asked, path, asked.body()));
    if (!upstream.isSuccessful()) {
      return upstream;
    }
    RealWatch watch = new RealWatch(collection, upstream, from, known, quiet::sign, this::closed);
    watch.lines().hold(held.contains(path.plural()));
    watches.add(watch);
    watch.start(event -> toWorld(event, path));
    return upstream
        .newBuilder()
        .body(ResponseBody.create(Okio.buffer(watch.lines()), TYPE, -1))
        .build();
  }

  private JsonNode toWorld(JsonNode event, ApiPath path) {
    names.toWorld(event);
    if (event.path("object") instanceof ObjectNode object) {
      seen(object);
      times.rewrite(object, objectPath(path, object));
    }
    return event;
  }

  private void closed(RealWatch watch) {
    watch.remember(views);
    watches.remove(watch);
    quiet.sign();
  }

  private Response expired(Request asked, String from) {
    ObjectNode event = JSON.createObjectNode();
    event.put("type", "ERROR").set("object", ApiError.expired(from, oldest).status(JSON));
    return response(asked, 200, event + "\n");
  }

  private static RealWatch.Collection collection(Request asked, ApiPath path) {
    String labels = asked.url().queryParameter("labelSelector");
    String fields = asked.url().queryParameter("fieldSelector");
    return new RealWatch.Collection(path, labels + "&" + fields, Selectors.of(labels, fields));
  }

  // Requests.

  private Response answer(Interceptor.Chain chain) throws IOException {
    Request asked = chain.request();
    ApiPath path = ApiPath.of(asked.url()).orElse(null);
    if (path == null) {
      return chain.proceed(asked);
    }
    apis.count();
    boolean reads = asked.method().equals("GET");
    if (reads && "true".equals(asked.url().queryParameter("watch"))) {
      return watch(chain, asked, path);
    }
    RequestBody body = toServer(asked.body());
    if (!reads) {
      times.asks(asked.method(), objectPath(path, sent(body)));
    }
    Instant since = Instant.now();
    JsonNode answer;
    int code;
    try (Response response = chain.proceed(toServer(asked, path, body))) {
      code = response.code();
      String text = response.body().string();
      if (!response.isSuccessful()) {
        return response(asked, code, names.toWorld(text));
      }
      answer = JSON.readTree(text);
    }
    names.toWorld(answer);
    if (reads) {
      read(asked, path, answer);
    } else {
      wrote(asked.method(), path, answer, since);
      collect(chain);
    }
    return response(asked, code, JSON.writeValueAsString(answer));
  }

  private void read(Request asked, ApiPath path, JsonNode answer) {
    if (!path.name().isEmpty()) {
      rewrite(path, answer);
      return;
    }
    if (!answer.path("metadata").path("continue").asString("").isEmpty()) {
      throw new IllegalStateException("a world has less than a page of " + path.plural());
    }
    seen(answer);
    Map<String, String> versions = new HashMap<>();
    for (JsonNode item : answer.path("items")) {
      rewrite(path, item);
      versions.put(RealObjects.uid(item), RealObjects.version(item));
    }
    views.knows(collection(asked, path).key(), RealObjects.version(answer), versions);
  }

  private void wrote(String method, ApiPath path, JsonNode answer, Instant since) {
    times.wrote(answer, since);
    rewrite(path, answer);
    seen(answer);
    if (method.equals("DELETE")) {
      objects.deleted(path, answer);
    } else if (path.subresource().equals("scale")) {
      objects.scaled(answer);
    } else {
      objects.wrote(path, answer);
    }
  }

  private void rewrite(ApiPath path, JsonNode answer) {
    if (answer instanceof ObjectNode object) {
      times.rewrite(object, objectPath(path, object));
    }
  }

  /** Deletes what others own, all of which are gone. */
  private void collect(Interceptor.Chain chain) throws IOException {
    for (List<RealObjects.Known> found = objects.orphans();
        !found.isEmpty();
        found = objects.orphans()) {
      for (RealObjects.Known orphan : found) {
        collect(chain, orphan);
      }
    }
  }

  private void collect(Interceptor.Chain chain, RealObjects.Known orphan) throws IOException {
    ObjectNode options = JSON.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options.putObject("preconditions").put("uid", RealObjects.uid(orphan.object()));
    RequestBody body = RequestBody.create(JSON.writeValueAsBytes(options), TYPE);
    ApiPath path = orphan.path();
    times.asks("DELETE", path.text());
    Instant since = Instant.now();
    Request delete =
        chain
            .request()
            .newBuilder()
            .url(
                chain
                    .request()
                    .url()
                    .newBuilder()
                    .encodedPath(path.in(names.toServer(path.namespace())).text())
                    .query(null)
                    .build())
            .method("DELETE", body)
            .build();
    try (Response response = chain.proceed(delete)) {
      String text = response.body().string();
      if (!response.isSuccessful()) {
        throw new IllegalStateException("cannot collect " + path.text() + ": " + text);
      }
      JsonNode answer = JSON.readTree(text);
      names.toWorld(answer);
      wrote("DELETE", path, answer, since);
    }
  }

  private static JsonNode sent(@Nullable RequestBody body) throws IOException {
    if (body == null) {
      return JSON.missingNode();
    }
    try (Buffer buffer = new Buffer()) {
      body.writeTo(buffer);
      return JSON.readTree(buffer.readByteArray());
    }
  }

  private @Nullable RequestBody toServer(@Nullable RequestBody body) throws IOException {
    if (body == null) {
      return null;
    }
    JsonNode tree = sent(body);
    names.toServer(tree);
    return RequestBody.create(JSON.writeValueAsBytes(tree), body.contentType());
  }

  private Request toServer(Request asked, ApiPath path, @Nullable RequestBody body) {
    return asked
        .newBuilder()
        .url(
            asked
                .url()
                .newBuilder()
                .encodedPath(path.in(names.toServer(path.namespace())).text())
                .build())
        .method(asked.method(), body)
        .build();
  }

  /** Returns where an object is; a collection's path and the object tell it. */
  private static String objectPath(ApiPath path, JsonNode object) {
    JsonNode metadata = object.path("metadata");
    String namespace = metadata.path("namespace").asString(path.namespace());
    String name = path.name().isEmpty() ? metadata.path("name").asString("") : path.name();
    return path.object(path.namespace().isEmpty() ? namespace : path.namespace(), name).text();
  }

  private void seen(JsonNode object) {
    String version = RealObjects.version(object);
    if (!version.isEmpty()) {
      newest.accumulateAndGet(Long.parseLong(version), Math::max);
    }
  }

  private static Response response(Request request, int code, String text) {
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(code)
        .message("")
        .body(ResponseBody.create(text, TYPE))
        .build();
  }
}
