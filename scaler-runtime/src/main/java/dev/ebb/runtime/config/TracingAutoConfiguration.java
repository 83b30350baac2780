package dev.ebb.runtime.config;

import io.micrometer.tracing.exporter.SpanExportingPredicate;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** What is worth a trace in every service; there only where tracing is on. */
@AutoConfiguration
public class TracingAutoConfiguration {

  /** Boot's name for the path of a request to the service's own port. */
  private static final String PATH = "http.url";

  /** Probes and scrapes come every second and tell nothing. */
  @Bean
  SpanExportingPredicate ebbNoActuatorSpans() {
    return span -> !span.getTags().getOrDefault(PATH, "").startsWith("/actuator");
  }
}
