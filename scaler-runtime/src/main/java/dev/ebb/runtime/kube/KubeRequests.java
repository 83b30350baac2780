package dev.ebb.runtime.kube;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends requests over client-java's {@link ApiClient} and reads JSON answers. Asks the {@link
 * WriteGate} and the {@link WriteGuard} before each write, and lets a write be under way no longer
 * than the guard says: a write that hangs must not arrive when somebody else leads. Thread-safe;
 * blocks.
 *
 * @param timeout how long one request may take, watches aside
 */
record KubeRequests(
    ApiClient apiClient,
    OkHttpClient http,
    OkHttpClient watchHttp,
    JsonMapper json,
    WriteGate gate,
    WriteGuard guard,
    Duration timeout) {

  /** The longest pause that an answer can ask for. */
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(1);

  /** Sends over a client, with a gate to ask before writes. */
  static KubeRequests over(ApiClient apiClient, JsonMapper json, WriteGate gate) {
    // Pings find a dead connection within seconds; bookmarks arrive about once a minute.
    OkHttpClient watchHttp =
        apiClient
            .getHttpClient()
            .newBuilder()
            .callTimeout(Duration.ZERO)
            .readTimeout(Duration.ofSeconds(150))
            .pingInterval(Duration.ofSeconds(10))
            .build();
    return new KubeRequests(
        apiClient,
        apiClient.getHttpClient(),
        watchHttp,
        json,
        gate,
        () -> true,
        WriteGuard.LONGEST_REQUEST);
  }

  /** Returns the same with another guard. */
  KubeRequests guardedBy(WriteGuard other) {
    return new KubeRequests(apiClient, http, watchHttp, json, gate, other, timeout);
  }

  /** Returns the same with another gate. */
  KubeRequests gatedBy(WriteGate other) {
    return new KubeRequests(apiClient, http, watchHttp, json, other, guard, timeout);
  }

  /** Returns the same with another limit for each request. */
  KubeRequests within(Duration other) {
    return new KubeRequests(apiClient, http, watchHttp, json, gate, guard, other);
  }

  /** Reads. */
  JsonNode read(String path, Map<String, String> query) {
    return send("GET", path, query, null, null, timeout);
  }

  /** Asks a question that is put as a POST and changes nothing. */
  JsonNode ask(String path, Object body) {
    return send("POST", path, Map.of(), "application/json", body, timeout);
  }

  /**
   * Writes.
   *
   * @throws WriteGuard.NotLeadingException when nothing may be written; nothing was sent then
   */
  JsonNode write(
      String method, String path, Map<String, String> query, String contentType, Object body) {
    gate.check(new WriteGate.Write(method, path, body), live -> read(live, Map.of()));
    guard.require();
    Duration left = guard.timeLeft();
    Duration limit = left.compareTo(timeout) < 0 ? left : timeout;
    if (!limit.isPositive()) {
      throw new WriteGuard.NotLeadingException();
    }
    return send(method, path, query, contentType, body, limit);
  }

  /** Opens a watch. The caller closes it. */
  Watch openWatch(String path, Map<String, String> query) {
    String what = "WATCH " + path;
    Call call = watchHttp.newCall(build("GET", path, query, null, null));
    try {
      Response response = call.execute();
      if (!response.isSuccessful()) {
        try (response) {
          throw refused(what, response);
        }
      }
      return new Watch(call, response);
    } catch (IOException e) {
      throw new KubeException(what, e);
    }
  }

  private JsonNode send(
      String method,
      String path,
      Map<String, String> query,
      @Nullable String contentType,
      @Nullable Object body,
      Duration limit) {
    String what = method + " " + path;
    Call call = http.newCall(build(method, path, query, contentType, body));
    call.timeout().timeout(limit.toNanos(), TimeUnit.NANOSECONDS);
    try (Response response = call.execute()) {
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
      return sentOnce(
          apiClient.buildRequest(
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
              null));
    } catch (ApiException e) {
      throw new IllegalArgumentException("cannot build " + method + " " + path, e);
    }
  }

  /**
   * Keeps okhttp from sending a write again by itself when the connection ends before the answer,
   * as it does after a GOAWAY: the first one may have been done, and whoever asked for it may have
   * to decide anew. What was certainly not sent may still be.
   */
  private static Request sentOnce(Request request) {
    RequestBody body = request.body();
    return body == null
        ? request
        : request.newBuilder().method(request.method(), new SentOnce(body)).build();
  }

  private static final class SentOnce extends RequestBody {
    private final RequestBody body;

    SentOnce(RequestBody body) {
      this.body = body;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public @Nullable MediaType contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() throws IOException {
      return body.contentLength();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      body.writeTo(sink);
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
      message = new String(bytes, StandardCharsets.UTF_8);
    }
    return new KubeException(
        response.code(),
        reason,
        what + ": " + response.code() + " " + message.strip(),
        retryAfter(response));
  }

  /**
   * The API server says seconds, and never a date. Whoever asks for hours, a proxy in between, is
   * not let switch a controller off.
   */
  private static Duration retryAfter(Response response) {
    String seconds = response.header("Retry-After", "");
    if (!seconds.matches("[0-9]{1,18}")) {
      return Duration.ZERO;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
    return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
  }

  private static byte[] bytes(Response response) throws IOException {
    ResponseBody body = response.body();
    return body == null ? new byte[0] : body.bytes();
  }
}
