package dev.ebb.testkit.proxy;

import dev.ebb.localcluster.Cluster;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
    try (Reader reader = Files.newBufferedReader(cluster.kubeconfig())) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      config.setFile(cluster.kubeconfig().toFile());
      ApiClient client = ClientBuilder.kubeconfig(config).build();
      this.base = client.getBasePath();
      // Nothing is tried twice here: what the client sent once arrives at most once.
      this.http =
          client
              .getHttpClient()
              .newBuilder()
              .retryOnConnectionFailure(false)
              .readTimeout(Duration.ZERO)
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
