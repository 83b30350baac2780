package dev.ebb.runtime.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.store.MemoryApi;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

class LoggerAuditTest {

  private static final ResourceType<JsonNode> EVENTS =
      new ResourceType<>("", "v1", "events", "Event", JsonNode.class);
  private static final String LOGGER = "dev.ebb.audited";

  private final SteppedClock clock = new SteppedClock();
  private final KubeClient client = new MemoryApi(clock).client("ebb-autoscaler");
  private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
  private final LoggerGroups groups = new LoggerGroups(Map.of("web", List.of(LOGGER)));
  private final LoggerAudit filter =
      new LoggerAudit(
          new Audit(new EventRecorder(client, Runnable::run, clock, "autoscaler-0")),
          new EventRecorder.Subject("v1", "Pod", Meta.named("default", "autoscaler-0", "u-1")),
          logging,
          groups);

  @AfterEach
  void reset() {
    logging.setLogLevel(LOGGER, null);
  }

  /** A request of alice, answered with a status after what it asks for is done. */
  private void ask(HttpMethod method, String path, HttpStatus status, Runnable done) {
    MockServerWebExchange exchange =
        MockServerWebExchange.builder(
                MockServerHttpRequest.method(method, path)
                    .remoteAddress(new InetSocketAddress("10.0.0.9", 4711)))
            .principal((Principal) () -> "alice")
            .build();
    filter
        .filter(
            exchange,
            answered ->
                Mono.fromRunnable(() -> {
                  done.run();
                  answered.getResponse().setStatusCode(status);
                }))
        .block();
  }

  private List<JsonNode> events() {
    return client.list(EVENTS, "default", Map.of()).items();
  }

  @Test
  void aChangedLevelIsAnEventOnThePod() {
    ask(
        HttpMethod.POST,
        "/actuator/loggers/" + LOGGER,
        HttpStatus.NO_CONTENT,
        () -> logging.setLogLevel(LOGGER, LogLevel.DEBUG));

    assertThat(events()).hasSize(1);
    JsonNode event = events().getFirst();
    assertThat(event.path("reason").asString()).isEqualTo("AdminSetLogLevel");
    assertThat(event.path("message").asString())
        .isEqualTo("Log level of " + LOGGER + " is DEBUG; asked by alice from 10.0.0.9");
    assertThat(event.at("/involvedObject/kind").asString()).isEqualTo("Pod");
    assertThat(event.at("/involvedObject/name").asString()).isEqualTo("autoscaler-0");
    assertThat(event.at("/involvedObject/uid").asString()).isEqualTo("u-1");
  }

  @Test
  void aLevelThatIsTakenBackAndThatOfAGroupAreToldToo() {
    ask(HttpMethod.POST, "/actuator/loggers/" + LOGGER, HttpStatus.NO_CONTENT, () -> {});
    ask(
        HttpMethod.POST,
        "/actuator/loggers/web",
        HttpStatus.NO_CONTENT,
        () -> groups.get("web").configureLogLevel(LogLevel.WARN, logging::setLogLevel));

    assertThat(events())
        .extracting(event -> event.path("message").asString())
        .anyMatch(message -> message.startsWith("Log level of " + LOGGER + " is no longer set;"))
        .anyMatch(message -> message.startsWith("Log level of web is WARN;"));
  }

  @Test
  void whatIsReadOrRefusedIsNot() {
    ask(HttpMethod.GET, "/actuator/loggers/" + LOGGER, HttpStatus.OK, () -> {});
    ask(HttpMethod.POST, "/actuator/loggers/" + LOGGER, HttpStatus.BAD_REQUEST, () -> {});
    ask(HttpMethod.POST, "/api/v1/scaledresources", HttpStatus.OK, () -> {});

    assertThat(events()).isEmpty();
  }
}
