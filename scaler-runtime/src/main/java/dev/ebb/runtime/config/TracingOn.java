package dev.ebb.runtime.config;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Holds where traces go somewhere: Boot's own setting names the endpoint. Stateless. */
public final class TracingOn implements Condition {

  static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";
  static final String EXPORT = "management.tracing.export.enabled";

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    return in(context.getEnvironment());
  }

  /** Returns whether an endpoint is set, and exporting is not switched off. */
  static boolean in(Environment environment) {
    return StringUtils.hasText(environment.getProperty(ENDPOINT))
        && environment.getProperty(EXPORT, Boolean.class, true);
  }
}
