package dev.ebb.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.loop.LoopStatus;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.runtime.loop.Reconciler.Result;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ControllersEndpointTest {

  private static ReconcileLoop<String> loop(String name) {
    return new ReconcileLoop<>(name, key -> Result.DONE, new SimpleMeterRegistry());
  }

  @Test
  void showsAllLoopsByName() {
    ReconcileLoop<String> waiting = loop("a");
    waiting.add("default/shop");
    ControllersEndpoint endpoint = new ControllersEndpoint(() -> Stream.of(loop("b"), waiting));

    assertThat(endpoint.controllers().controllers())
        .extracting(LoopStatus::name)
        .containsExactly("a", "b");
    JsonNode json =
        JsonMapper.builder().build().valueToTree(endpoint.controllers()).path("controllers");
    assertThat(json.path(0).path("depth").asInt()).isOne();
    assertThat(json.path(0).path("lastError").isNull()).isTrue();
    assertThat(json.path(1).path("failures").isArray()).isTrue();
  }

  @Test
  void isExposedInEveryService() {
    StandardEnvironment environment = new StandardEnvironment();
    new RuntimeDefaults().postProcessEnvironment(environment, new SpringApplication());

    assertThat(environment.getProperty("management.endpoints.web.exposure.include"))
        .contains("controllers");
  }
}
