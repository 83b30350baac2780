package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.Service;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.Map;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an overloaded API server asks for is heeded, within reason. */
class RetryAfterTest {

  private static KubeClient answering(String retryAfter) {
    Interceptor busy =
        chain ->
            new Response.Builder()
                .request(chain.request())
                .protocol(Protocol.HTTP_1_1)
                .code(429)
                .message("busy")
                .header("Retry-After", retryAfter)
                .body(ResponseBody.create("{}", MediaType.get("application/json")))
                .build();
    ApiClient api =
        new ApiClient(new OkHttpClient.Builder().addInterceptor(busy).build())
            .setBasePath("http://api.invalid");
    return new KubeClient(api, RuntimeAutoConfiguration.kubernetesJson(), "ebb-test");
  }

  @ParameterizedTest
  @CsvSource({
    "0,PT0S",
    "3,PT3S",
    "60,PT1M",
    "61,PT1M",
    "86400,PT1M",
    "999999999999999999,PT1M",
    "9999999999999999999999,PT0S",
    "-1,PT0S",
    "'Sat, 28 Nov 2026 17:00:00 GMT',PT0S"
  })
  void isHeededUpToAMinute(String header, Duration heeded) {
    KubeException refused =
        catchThrowableOfType(
            KubeException.class, () -> answering(header).list(Service.TYPE, null, Map.of()));

    assertThat(refused.code()).isEqualTo(429);
    assertThat(refused.retryAfter()).isEqualTo(heeded);
  }
}
