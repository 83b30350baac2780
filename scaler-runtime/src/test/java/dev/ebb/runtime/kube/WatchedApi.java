package dev.ebb.runtime.kube;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.Service;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;
import okio.Source;
import okio.Timeout;

/**
 * A list of Services and a watch that say what a test tells them to, without a network. Lists are
 * answered in the order in which they are given, the last one again and again. Thread-safe.
 */
final class WatchedApi {

  private static final String END = "end";
  private static final String BREAK = "break";

  private final Deque<String> lists = new ArrayDeque<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final AtomicInteger listed = new AtomicInteger();
  private final AtomicInteger watched = new AtomicInteger();
  private volatile int code = 200;
  private volatile String watchedFrom = "";

  /** Returns a client of this server. */
  KubeClient client() {
    ApiClient api =
        new ApiClient(new OkHttpClient.Builder().addInterceptor(this::intercept).build())
            .setBasePath("http://api.invalid");
    return new KubeClient(api, RuntimeAutoConfiguration.kubernetesJson(), "ebb-test");
  }

  /** Returns an object of a name, a UID and a version. */
  static String service(String name, String uid, int version) {
    return """
    {"metadata":{"namespace":"ns","name":"%s","uid":"%s","resourceVersion":"%d"}}\
    """
        .formatted(name, uid, version);
  }

  /** Returns the same as a record. */
  static Service object(String name, String uid, int version) {
    return RuntimeAutoConfiguration.kubernetesJson()
        .readValue(service(name, uid, version), Service.class);
  }

  /** Adds a list. */
  synchronized WatchedApi list(int version, String... items) {
    lists.add(
        "{\"metadata\":{\"resourceVersion\":\"%d\"},\"items\":[%s]}"
            .formatted(version, String.join(",", items)));
    return this;
  }

  /** Sends an event. */
  void event(String type, String object) {
    events.add("{\"type\":\"" + type + "\",\"object\":" + object + "}\n");
  }

  /** Ends the watch. */
  void endWatch() {
    events.add(END);
  }

  /** Breaks the connection of the watch. */
  void breakWatch() {
    events.add(BREAK);
  }

  /** Answers lists with a status code from now on. */
  void answering(int status) {
    code = status;
  }

  int listed() {
    return listed.get();
  }

  int watched() {
    return watched.get();
  }

  /** Returns the version that the last watch was asked from. */
  String watchedFrom() {
    return watchedFrom;
  }

  private Response intercept(Interceptor.Chain chain) {
    Request request = chain.request();
    boolean watch = request.url().queryParameter("watch") != null;
    Response.Builder response =
        new Response.Builder().request(request).protocol(Protocol.HTTP_1_1).message("told");
    if (watch) {
      watched.incrementAndGet();
      watchedFrom = request.url().queryParameter("resourceVersion");
      BufferedSource source = Okio.buffer(new Events());
      return response
          .code(200)
          .body(ResponseBody.create(source, MediaType.get("application/json"), -1))
          .build();
    }
    listed.incrementAndGet();
    String body = code == 200 ? nextList() : "{\"message\": \"services is forbidden\"}";
    return response
        .code(code)
        .body(ResponseBody.create(body, MediaType.get("application/json")))
        .build();
  }

  private synchronized String nextList() {
    return lists.size() > 1 ? lists.removeFirst() : lists.getFirst();
  }

  private final class Events implements Source {
    private volatile boolean closed;

    @Override
    public long read(Buffer sink, long count) throws IOException {
      try {
        while (!closed) {
          String event = events.poll(20, TimeUnit.MILLISECONDS);
          if (END.equals(event)) {
            return -1;
          }
          if (BREAK.equals(event)) {
            throw new IOException("connection reset");
          }
          if (event != null) {
            sink.writeUtf8(event);
            return event.length();
          }
        }
        return -1;
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public Timeout timeout() {
      return Timeout.NONE;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
