package dev.ebb.runtime.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.runtime.kube.KubeException;
import dev.ebb.scaler.ScalerException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProblemHandlerTest {

  private final ProblemHandler handler = new ProblemHandler();
  private final MockServerWebExchange exchange =
      MockServerWebExchange.from(MockServerHttpRequest.get("/api/v1/shops"));

  private JsonNode answer() {
    assertThat(exchange.getResponse().getHeaders().getContentType())
        .isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
    JsonNode body =
        JsonMapper.builder().build().readTree(exchange.getResponse().getBodyAsString().block());
    assertThat(body.path("status").asInt())
        .isEqualTo(exchange.getResponse().getStatusCode().value());
    assertThat(body.path("instance").asString()).isEqualTo("/api/v1/shops");
    return body;
  }

  private static Stream<Arguments> errors() {
    return Stream.of(
        error(Problems.invalid("for", "write 2h"), 400, "Invalid", "for: write 2h"),
        error(Problems.notFound("no shop"), 404, "NotFound", "no shop"),
        error(Problems.conflict("Paused", "resume it"), 409, "Paused", "resume it"),
        error(new ResponseStatusException(HttpStatus.NOT_FOUND), 404, "NotFound", "/openapi"),
        error(
            new MethodNotAllowedException(HttpMethod.PUT, List.of(HttpMethod.POST)),
            405,
            "MethodNotAllowed",
            "use POST"),
        error(
            new NotAcceptableStatusException(List.of(MediaType.APPLICATION_JSON)),
            406,
            "NotAcceptable",
            "application/json"),
        error(new KubeException(409, "Conflict", "changed"), 409, "Changed", "changed"),
        error(new KubeException(423, "Frozen", "launch"), 409, "Frozen", "launch"),
        error(new KubeException(404, "NotFound", "gone"), 404, "NotFound", "gone"),
        error(new KubeException(403, "Forbidden", "role"), 500, "RefusedByKubernetes", "role"),
        error(new KubeException("GET /x", new IOException("down")), 503, "Unavailable", "down"),
        error(
            new ScalerException(ScalerException.Kind.UNAVAILABLE, "busy"),
            503,
            "Unavailable",
            "busy"),
        error(new ScalerException(ScalerException.Kind.CONFLICT, "moved"), 409, "Changed", "moved"),
        error(new AuthenticationServiceException("no review"), 503, "Unavailable", "no review"),
        error(new IllegalStateException("inside"), 500, "InternalError", "log of this pod"));
  }

  private static Arguments error(Throwable error, int status, String reason, String detail) {
    return arguments(error, status, reason, detail);
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @MethodSource("errors")
  void everyErrorIsAProblemWithARemedy(Throwable error, int status, String reason, String detail) {
    handler.handle(exchange, error).block();

    JsonNode body = answer();
    assertThat(body.path("status").asInt()).isEqualTo(status);
    assertThat(body.path("reason").asString()).isEqualTo(reason);
    assertThat(body.path("detail").asString()).contains(detail);
    assertThat(body.path("title").asString()).isNotEmpty();
  }

  @Test
  void theInsideOfAnUnexpectedErrorStaysInside() {
    handler.handle(exchange, new IllegalStateException("password is 1234")).block();

    assertThat(answer().toString()).doesNotContain("1234");
  }

  @Test
  void whatMayWorkLaterSaysWhen() {
    handler.handle(exchange, new KubeException(500, "", "down")).block();

    assertThat(exchange.getResponse().getHeaders().getFirst(HttpHeaders.RETRY_AFTER))
        .isEqualTo("5");
  }

  @Test
  void aWrongFieldIsNamed() {
    handler.handle(exchange, Problems.invalid("for", "write 2h")).block();

    assertThat(answer().path("field").asString()).isEqualTo("for");
  }
}
