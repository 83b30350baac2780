package dev.ebb.autoscaler.history;

import dev.ebb.runtime.kube.KubeClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import tools.jackson.databind.JsonNode;

/**
 * Sees every write of the autoscaler in the moment in which the API takes it, and holds it to the
 * rules that hold for each write alone.
 */
final class WriteWatch implements Interceptor {

  /** A write as it is sent. */
  record Write(String method, String path, JsonNode body) {
    /** Returns whether it sets a workload to zero. */
    boolean zero() {
      return path.endsWith("/scale")
          && method.equals("PATCH")
          && body.at("/spec/replicas").asInt(-1) == 0;
    }

    @Override
    public String toString() {
      return method + " " + path + " " + body;
    }
  }

  private final KubeClient truth;
  private final List<String> violations = new ArrayList<>();
  private final List<Write> done = new ArrayList<>();
  private BiConsumer<Write, Boolean> observer = (write, before) -> {};
  private Runnable beforeZero = () -> {};

  WriteWatch(KubeClient truth) {
    this.truth = truth;
  }

  /** Is told of each write before it is taken, and after it was. */
  void observe(BiConsumer<Write, Boolean> who) {
    observer = who;
  }

  /** Does something once, just before a zero reaches the API. */
  void beforeZero(Runnable action) {
    beforeZero = action;
  }

  void violation(String text) {
    violations.add(text);
  }

  List<String> violations() {
    return violations;
  }

  /** Returns the writes that were taken since the last call. */
  List<Write> drain() {
    List<Write> writes = List.copyOf(done);
    done.clear();
    return writes;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    if (request.method().equals("GET")) {
      return chain.proceed(request);
    }
    Write write = new Write(request.method(), request.url().encodedPath(), body(request));
    if (write.zero()) {
      Runnable action = beforeZero;
      beforeZero = () -> {};
      action.run();
    }
    guarded(write);
    observer.accept(write, true);
    Response response = chain.proceed(request);
    if (response.isSuccessful()) {
      done.add(write);
      observer.accept(write, false);
    }
    return response;
  }

  private JsonNode body(Request request) throws IOException {
    if (request.body() == null) {
      return truth.json().missingNode();
    }
    try (Buffer buffer = new Buffer()) {
      request.body().writeTo(buffer);
      return truth.json().readTree(buffer.readByteArray());
    }
  }

  /** A write to what others write too stands on what was read. */
  private void guarded(Write write) {
    if (write.path().contains("/events")) {
      return;
    }
    boolean stands =
        switch (write.method()) {
          case "PATCH" ->
              write.body().isArray()
                  ? write.body().at("/0/op").asString("").equals("test")
                  : write.body().at("/metadata").has("resourceVersion")
                      || (write.path().endsWith("/scale") && !write.zero());
          case "DELETE" ->
              write.body().at("/preconditions").has("uid")
                  && write.body().at("/preconditions").has("resourceVersion");
          default -> true;
        };
    if (!stands) {
      violation("a write without a precondition: " + write);
    }
  }
}
