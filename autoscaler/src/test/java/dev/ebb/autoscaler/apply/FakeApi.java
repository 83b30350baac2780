package dev.ebb.autoscaler.apply;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.KubeClient;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
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

/** An API server without a network: remembers what it is asked, and answers what it is told. */
final class FakeApi {

  /** One request. */
  record Call(String method, String path, String query, String contentType, JsonNode body) {
    /** Returns the field of the body at a JSON pointer. */
    JsonNode at(String pointer) {
      return body.at(pointer);
    }
  }

  private final JsonMapper json = RuntimeAutoConfiguration.kubernetesJson();
  private final List<Call> calls = new ArrayList<>();
  private Runnable before = () -> {};
  private int code = 200;

  /** Returns a client of this server. */
  KubeClient client() {
    ApiClient api =
        new ApiClient(new OkHttpClient.Builder().addInterceptor(this::intercept).build())
            .setBasePath("http://api.invalid");
    return new KubeClient(api, json, "ebb-autoscaler");
  }

  /** Returns all requests so far. */
  List<Call> calls() {
    return calls;
  }

  /** Returns the only request. */
  Call onlyCall() {
    if (calls.size() != 1) {
      throw new AssertionError("one call expected, not " + calls);
    }
    return calls.getFirst();
  }

  /** Answers everything from now on with a status code. */
  FakeApi answering(int status) {
    code = status;
    return this;
  }

  /** Does something before each answer. */
  FakeApi before(Runnable action) {
    before = action;
    return this;
  }

  private Response intercept(Interceptor.Chain chain) {
    Request request = chain.request();
    try (Buffer buffer = new Buffer()) {
      String contentType = "";
      if (request.body() != null) {
        request.body().writeTo(buffer);
        contentType = String.valueOf(request.header("Content-Type"));
      }
      byte[] bytes = buffer.readByteArray();
      calls.add(
          new Call(
              request.method(),
              request.url().encodedPath(),
              String.valueOf(request.url().query()),
              contentType,
              bytes.length == 0 ? json.createObjectNode() : json.readTree(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    before.run();
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(code)
        .message("told")
        .body(ResponseBody.create(answer(), MediaType.get("application/json")))
        .build();
  }

  private String answer() {
    return code == 200
        ? """
        {"metadata": {"namespace": "ns", "name": "shop", "resourceVersion": "%d"}}
        """
            .formatted(100 + calls.size())
        : """
        {"kind": "Status", "reason": "Told", "message": "told to"}
        """;
  }
}
