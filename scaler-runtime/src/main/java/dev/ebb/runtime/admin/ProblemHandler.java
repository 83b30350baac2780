package dev.ebb.runtime.admin;

import dev.ebb.runtime.freeze.FreezeGate;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.scaler.ScalerException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers everything that goes wrong on a service's port with problem details that say the remedy:
 * who calls, what they may, what they ask for, and what Kubernetes refuses. What nobody foresaw is
 * logged and answered without its inside. Thread-safe.
 */
public final class ProblemHandler
    implements ErrorWebExceptionHandler,
        ServerAuthenticationEntryPoint,
        ServerAccessDeniedHandler,
        Ordered {

  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
  private static final String TOKEN_HINT =
      "get one with kubectl create token NAME --audience=" + TokenReviewIntrospector.AUDIENCE;

  private final JsonMapper json = JsonMapper.builder().build();

  /** Before Spring Boot's own handler, which comes at -1. */
  @Override
  public int getOrder() {
    return -2;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
    if (exchange.getResponse().isCommitted()) {
      return Mono.error(error);
    }
    return write(exchange, problem(exchange, error));
  }

  /** Nobody knows who calls. */
  @Override
  public Mono<Void> commence(ServerWebExchange exchange, AuthenticationException error) {
    boolean token = error instanceof OAuth2AuthenticationException;
    String challenge = token ? "Bearer error=\"invalid_token\"" : "Bearer";
    exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, challenge);
    String detail =
        token
            ? String.valueOf(error.getMessage())
            : "send the header Authorization: Bearer TOKEN; " + TOKEN_HINT;
    return write(
        exchange, Problems.of(HttpStatus.UNAUTHORIZED, "Unauthorized", detail, error).getBody());
  }

  /** Somebody asks for what they may not. */
  @Override
  public Mono<Void> handle(ServerWebExchange exchange, AccessDeniedException error) {
    String detail = exchange.getAttributeOrDefault(AccessReview.MISSING, "you may not do this");
    return write(exchange, Problems.of(HttpStatus.FORBIDDEN, "Forbidden", detail, error).getBody());
  }

  private ProblemDetail problem(ServerWebExchange exchange, Throwable error) {
    return switch (error) {
      case ErrorResponseException known when known.getBody().getProperties() != null ->
          known.getBody();
      case ServerWebInputException input -> unreadable(input).getBody();
      case MethodNotAllowedException method -> notAllowed(exchange, method).getBody();
      case NotAcceptableStatusException accept ->
          Problems.of(
                  HttpStatus.NOT_ACCEPTABLE,
                  "NotAcceptable",
                  "answers are " + supported(accept.getSupportedMediaTypes()) + "; accept that",
                  accept)
              .getBody();
      case ErrorResponse known -> named(exchange, known);
      case AuthenticationServiceException e -> Problems.unavailable(text(e), e).getBody();
      case KubeException e -> refused(e).getBody();
      case ScalerException e -> refused(e).getBody();
      default -> {
        log.error(
            "{} {} failed",
            exchange.getRequest().getMethod(),
            exchange.getRequest().getPath().value(),
            error);
        yield Problems.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "InternalError",
                "an unexpected error; the log of this pod has it",
                error)
            .getBody();
      }
    };
  }

  private static String supported(List<MediaType> types) {
    return types.isEmpty()
        ? MediaType.APPLICATION_JSON_VALUE
        : types.stream().map(MediaType::toString).collect(Collectors.joining(" or "));
  }

  /** What Spring found: an unknown path, an unknown media type and the like. */
  private static ProblemDetail named(ServerWebExchange exchange, ErrorResponse known) {
    HttpStatus status =
        Objects.requireNonNullElse(
            HttpStatus.resolve(known.getStatusCode().value()), HttpStatus.INTERNAL_SERVER_ERROR);
    String detail =
        status == HttpStatus.NOT_FOUND
            ? "nothing is at " + exchange.getRequest().getPath().value() + "; /openapi lists all"
            : String.valueOf(known.getBody().getDetail());
    return Problems.of(status, status.getReasonPhrase().replace(" ", ""), detail, null).getBody();
  }

  private static ErrorResponseException notAllowed(
      ServerWebExchange exchange, MethodNotAllowedException error) {
    exchange.getResponse().getHeaders().setAllow(error.getSupportedMethods());
    String methods =
        error.getSupportedMethods().stream()
            .map(HttpMethod::name)
            .sorted()
            .collect(Collectors.joining(" or "));
    return Problems.of(
        HttpStatus.METHOD_NOT_ALLOWED,
        "MethodNotAllowed",
        error.getHttpMethod() + " is not offered here; use " + methods,
        error);
  }

  /** A body or parameter that cannot be read; the field is named where the reader knows it. */
  private static ErrorResponseException unreadable(ServerWebInputException error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof JacksonException bad) {
        String field =
            bad.getPath().stream()
                .map(step ->
                    step.getPropertyName() == null
                        ? Integer.toString(step.getIndex())
                        : step.getPropertyName())
                .collect(Collectors.joining("."));
        return Problems.invalid(field.isEmpty() ? "body" : field, firstLine(bad));
      }
    }
    return Problems.invalid(parameter(error), String.valueOf(error.getReason()));
  }

  private static String parameter(ServerWebInputException error) {
    var parameter = error.getMethodParameter();
    String name = parameter == null ? null : parameter.getParameterName();
    return name == null ? "body" : name;
  }

  private static String firstLine(JacksonException bad) {
    return String.valueOf(bad.getOriginalMessage()).lines().findFirst().orElse("cannot be read");
  }

  private static ErrorResponseException refused(KubeException e) {
    if (e.conflict() || e.code() == FreezeGate.FROZEN) {
      return Problems.conflict(e.conflict() ? "Changed" : "Frozen", text(e));
    }
    if (e.notFound()) {
      return Problems.notFound(text(e));
    }
    return e.transientFailure()
        ? Problems.unavailable(text(e), e)
        : Problems.of(HttpStatus.INTERNAL_SERVER_ERROR, "RefusedByKubernetes", text(e), e);
  }

  private static ErrorResponseException refused(ScalerException e) {
    return switch (e.kind()) {
      case NOT_FOUND -> Problems.notFound(text(e));
      case CONFLICT -> Problems.conflict("Changed", text(e));
      case UNAVAILABLE -> Problems.unavailable(text(e), e);
      case FORBIDDEN, INVALID ->
          Problems.of(HttpStatus.INTERNAL_SERVER_ERROR, "RefusedByKubernetes", text(e), e);
    };
  }

  private static String text(Throwable e) {
    @Nullable String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private Mono<Void> write(ServerWebExchange exchange, ProblemDetail problem) {
    ServerHttpResponse response = exchange.getResponse();
    response.setRawStatusCode(problem.getStatus());
    response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      response.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
    }
    byte[] body =
        json.writeValueAsBytes(Problems.members(problem, exchange.getRequest().getPath().value()));
    return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
  }
}
