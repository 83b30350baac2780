package dev.ebb.runtime.config;

import dev.ebb.runtime.admin.AccessReview;
import dev.ebb.runtime.admin.AdminApiDescription;
import dev.ebb.runtime.admin.Audit;
import dev.ebb.runtime.admin.LoggerAudit;
import dev.ebb.runtime.admin.ProblemHandler;
import dev.ebb.runtime.admin.TokenReviewIntrospector;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.Meta;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;

/**
 * Guards a service's port: liveness and readiness answer anybody, metrics answer anybody unless
 * {@code ebb.metrics-anonymous} is false, everything else wants a token and the right to use it.
 */
@AutoConfiguration(after = RuntimeAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@EnableWebFluxSecurity
public class AdminSecurityAutoConfiguration {

  /** Asks the API server who calls. */
  @Bean
  @ConditionalOnMissingBean
  ReactiveOpaqueTokenIntrospector ebbTokenIntrospector(
      KubeClient client, ExecutorService ebbExecutor, InstantSource clock) {
    return new TokenReviewIntrospector(client, ebbExecutor, clock);
  }

  /** Answers whatever goes wrong. */
  @Bean
  @ConditionalOnMissingBean
  ProblemHandler ebbProblems() {
    return new ProblemHandler();
  }

  /** Writes down who changed what. */
  @Bean
  @ConditionalOnMissingBean
  Audit ebbAudit(EventRecorder events) {
    return new Audit(events);
  }

  /** Writes down who changed a level of the log. */
  @Bean
  @ConditionalOnMissingBean
  LoggerAudit ebbLoggerAudit(
      Audit audit, RuntimeProperties properties, LoggingSystem logging, LoggerGroups groups) {
    RuntimeProperties.Pod pod = properties.pod();
    Meta meta = Meta.named(pod.namespace(), pod.name(), pod.uid());
    return new LoggerAudit(audit, new Subject("v1", "Pod", meta), logging, groups);
  }

  /** Describes the admin API, its errors and its authentication. */
  @Bean
  @ConditionalOnMissingBean
  AdminApiDescription ebbOpenApi(RuntimeProperties properties) {
    return new AdminApiDescription(properties.service());
  }

  /** Asks the API server what a caller may do. */
  @Bean
  @ConditionalOnMissingBean
  AccessReview ebbAccessReview(
      KubeClient client, ExecutorService ebbExecutor, RuntimeProperties properties) {
    return new AccessReview(
        client, ebbExecutor, Set.copyOf(properties.internalAccounts()), Ebb.GROUP);
  }

  /** The one rule set of all services, for all paths that a service has no rules of its own for. */
  @Bean
  @ConditionalOnMissingBean(name = "ebbSecurity")
  SecurityWebFilterChain ebbSecurity(
      ServerHttpSecurity http,
      ReactiveOpaqueTokenIntrospector introspector,
      ProblemHandler problems,
      AccessReview review,
      RuntimeProperties properties) {
    return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
        .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
        .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
        .logout(ServerHttpSecurity.LogoutSpec::disable)
        .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
        .authorizeExchange(exchange -> {
          exchange
              .pathMatchers("/actuator/health/liveness", "/actuator/health/readiness")
              .permitAll();
          if (properties.metricsAnonymous()) {
            exchange.pathMatchers("/actuator/prometheus").permitAll();
          }
          exchange.anyExchange().access(review);
        })
        .exceptionHandling(
            handling -> handling.authenticationEntryPoint(problems).accessDeniedHandler(problems))
        .oauth2ResourceServer(server ->
            server
                .opaqueToken(token -> token.introspector(introspector))
                .authenticationEntryPoint(problems)
                .accessDeniedHandler(problems))
        .build();
  }
}
