package dev.ebb.runtime.admin;

import dev.ebb.runtime.kube.EventRecorder.Subject;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggerGroup;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Writes down who changed a level of the log: an Event on the replica's pod, as the level is that
 * pod's alone. What was refused is none. Thread-safe.
 */
public final class LoggerAudit implements WebFilter {

  private static final String LOGGERS = "/actuator/loggers/";

  private final Audit audit;
  private final Subject pod;
  private final LoggingSystem logging;
  private final LoggerGroups groups;

  /**
   * Creates the filter; it belongs after that of the security.
   *
   * @param pod this replica's
   */
  public LoggerAudit(Audit audit, Subject pod, LoggingSystem logging, LoggerGroups groups) {
    this.audit = audit;
    this.pod = pod;
    this.logging = logging;
    this.groups = groups;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    String path = exchange.getRequest().getPath().value();
    boolean writes = exchange.getRequest().getMethod().equals(HttpMethod.POST);
    Mono<Void> answer = chain.filter(exchange);
    return writes && path.startsWith(LOGGERS)
        ? answer.then(Mono.defer(() -> written(exchange, path.substring(LOGGERS.length()))))
        : answer;
  }

  private Mono<Void> written(ServerWebExchange exchange, String logger) {
    HttpStatusCode status = exchange.getResponse().getStatusCode();
    if (status != null && status.isError()) {
      return Mono.empty();
    }
    return Caller.of(exchange)
        .doOnNext(caller ->
            audit.record(
                pod, "setLogLevel", caller, "Log level of " + logger + " is " + level(logger)))
        .then();
  }

  private String level(String logger) {
    LoggerGroup group = groups.get(logger);
    LoggerConfiguration one = group == null ? logging.getLoggerConfiguration(logger) : null;
    LogLevel level = null;
    if (group != null) {
      level = group.getConfiguredLevel();
    } else if (one != null) {
      level = one.getConfiguredLevel();
    }
    return level == null ? "no longer set" : level.toString();
  }
}
