package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.Service;
import io.kubernetes.client.openapi.ApiClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.junit.jupiter.api.Test;

/** A write whose answer is lost may have been done: okhttp must not send it again by itself. */
class SentOnceTest {

  private final List<Request> requests = new CopyOnWriteArrayList<>();

  private KubeClient client() {
    Interceptor answers =
        chain -> {
          requests.add(chain.request());
          return new Response.Builder()
              .request(chain.request())
              .protocol(Protocol.HTTP_2)
              .code(200)
              .message("OK")
              .body(ResponseBody.create("{\"metadata\":{}}", MediaType.get("application/json")))
              .build();
        };
    ApiClient api =
        new ApiClient(new OkHttpClient.Builder().addInterceptor(answers).build())
            .setBasePath("http://api.invalid");
    return new KubeClient(api, RuntimeAutoConfiguration.kubernetesJson(), "ebb-test");
  }

  @Test
  void everyWriteIsSentAtMostOnceAndWhole() throws Exception {
    KubeClient client = client();
    client.create(Service.TYPE, "ns", Map.of("metadata", Map.of("name", "a")));
    client.apply("/api/v1/namespaces/ns/services/a", Map.of("spec", Map.of("type", "ClusterIP")));
    client.delete(Service.TYPE, WatchedApi.object("a", "u", 1).metadata());

    assertThat(requests).extracting(Request::method).containsExactly("POST", "PATCH", "DELETE");
    for (Request request : requests) {
      assertThat(request.body().isOneShot()).as(request.method()).isTrue();
      try (Buffer sent = new Buffer()) {
        request.body().writeTo(sent);
        assertThat(sent.size()).isEqualTo(request.body().contentLength()).isPositive();
      }
      assertThat(String.valueOf(request.body().contentType())).startsWith("application/");
    }
  }

  @Test
  void readsMayBeSentAgain() {
    client().getRaw("/version");

    assertThat(requests).singleElement().matches(request -> request.body() == null);
  }
}
