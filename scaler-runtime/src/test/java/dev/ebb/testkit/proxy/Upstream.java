package dev.ebb.testkit.proxy;

import dev.ebb.localcluster.Cluster;
import dev.ebb.testkit.TestClients;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The real API server, asked with all rights. Thread-safe. */
final class Upstream implements AutoCloseable {

  private final OkHttpClient http;
  private final String base;

  Upstream(Cluster cluster) {
    ApiClient client = TestClients.apiClient(cluster.kubeconfig());
    this.base = client.getBasePath();
    // Nothing is tried twice here: what the client sent once arrives at most once.
    this.http =
        client
            .getHttpClient()
            .newBuilder()
            .retryOnConnectionFailure(false)
            .readTimeout(Duration.ZERO)
            .build();
  }

  /** Passes a request on; the caller closes the answer. */
  Response send(ApiRequest request) throws IOException {
    return http.newCall(
            new Request.Builder()
                .url(base + request.uri())
                .header(
                    "Accept", request.accept().isEmpty() ? "application/json" : request.accept())
                .method(request.method(), body(request))
                .build())
        .execute();
  }

  private static @Nullable RequestBody body(ApiRequest request) {
    if (request.body().isEmpty() && !request.method().matches("POST|PUT|PATCH")) {
      return null;
    }
    String type = request.contentType();
    return RequestBody.create(
        request.body().getBytes(java.nio.charset.StandardCharsets.UTF_8),
        type.isEmpty() ? null : MediaType.get(type));
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
