package dev.ebb.selectorclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published vectors of 3S's clients (T-A17). */
class SelectorClientTest {

  @ParameterizedTest
  @CsvSource({
    "/myproject/app,eedaac0ae80f0b7,0,3,7",
    "/fabrique/egapro/app,cda096bbdb87e76,0,0,6",
    "/fabrique/egapro/api-prod,1aa2059a6c294b8,0,0,0",
    "ghcr.io/socialgouv/3s,bf9760199a6458c,1,4,4",
    "ghcr.io/org/app,9a4ee3e3f134b53,2,5,3",
  })
  void aKeyHasTheNumberThatTheOldClientsGiveIt(String key, String hex, int of3, int of6, int of8) {
    assertThat(Bucket.hash(key)).isEqualTo(Long.parseLong(hex, 16));
    assertThat(Bucket.of(key, 3)).isEqualTo(of3);
    assertThat(Bucket.of(key, 6)).isEqualTo(of6);
    assertThat(Bucket.of(key, 8)).isEqualTo(of8);
  }

  @ParameterizedTest
  @CsvSource({"/myproject/app,8,7", "/fabrique/egapro/app,6,0", "ghcr.io/org/app,8,3"})
  void theExamplesScriptSaysTheSame(String key, int services, String number) throws Exception {
    Process script =
        new ProcessBuilder("sh", "../samples/buildkit/bucket.sh", key, String.valueOf(services))
            .redirectErrorStream(true)
            .start();

    assertThat(new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
        .isEqualTo(number);
  }

  @Test
  void everyNumberIsInRangeAndAllAreUsed() {
    int[] hits = new int[6];
    IntStream.range(0, 6000).forEach(i -> hits[Bucket.of("image-" + i, 6)]++);

    assertThat(IntStream.of(hits)).allMatch(n -> n > 850 && n < 1150);
    assertThatThrownBy(() -> Bucket.of("image", 0)).hasMessageContaining("at least one Service");
  }

  @Test
  void theAddressGetsTheNumberInItsFirstPart() {
    String base = "tcp://buildkit-service.buildkit-service.svc:1234";

    assertThat(Address.of(base, "ghcr.io/socialgouv/3s", 6))
        .isEqualTo("tcp://buildkit-service-4.buildkit-service.buildkit-service.svc:1234");
    assertThat(Address.of(base, "ghcr.io/socialgouv/3s", 0)).isEqualTo(base);
    assertThat(Address.numbered("builds.example.org:1234", 2))
        .isEqualTo("builds-2.builds.example.org:1234");
    assertThatThrownBy(() -> Address.numbered("tcp://localhost:1234", 2))
        .hasMessageContaining("tcp://localhost:1234");
  }

  @Test
  void keysAreMadeAsTheOldClientsMakeThem() {
    assertThat(Keys.ofPackage("myproject", "", "", "")).isEqualTo("/myproject//app");
    assertThat(Keys.ofPackage("fabrique", "egapro", "api", "prod"))
        .isEqualTo("/fabrique/egapro/api-prod");
    assertThat(Keys.ofPackage("", "myproject", "", "")).isEqualTo("/myproject/app");
    assertThat(Keys.ofTags("ghcr.io/org/app:v1\nghcr.io/org/app:latest"))
        .isEqualTo("ghcr.io/org/app");
    assertThat(Keys.ofTags("localhost:5000/app:v1")).isEqualTo("localhost");
    assertThat(Keys.ofTags("app")).isEqualTo("app");
  }
}
