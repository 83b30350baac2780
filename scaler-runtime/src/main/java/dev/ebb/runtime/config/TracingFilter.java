package dev.ebb.runtime.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Leaves out, by name alone, all that makes traces where they would go nowhere: Boot would start
 * the OpenTelemetry SDK, its threads and a handler for every observation all the same. Services
 * start often, and most clusters collect no traces. Goes before Boot's own filters, which load the
 * classes that an auto-configuration needs to see whether they are there.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class TracingFilter implements AutoConfigurationImportFilter, EnvironmentAware {

  private static final List<String> TRACING =
      List.of(
          "org.springframework.boot.opentelemetry.",
          "org.springframework.boot.micrometer.tracing.",
          "dev.ebb.runtime.config.TracingAutoConfiguration");

  private Environment environment = new StandardEnvironment();

  @Override
  public void setEnvironment(Environment environment) {
    this.environment = environment;
  }

  @Override
  public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
    boolean on = TracingOn.in(environment);
    boolean[] wanted = new boolean[names.length];
    for (int i = 0; i < names.length; i++) {
      wanted[i] = on || !makesTraces(names[i]);
    }
    return wanted;
  }

  private static boolean makesTraces(@Nullable String name) {
    return name != null && TRACING.stream().anyMatch(name::startsWith);
  }
}
