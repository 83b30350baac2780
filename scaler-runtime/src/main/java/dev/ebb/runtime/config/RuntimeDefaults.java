package dev.ebb.runtime.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The settings that all services share, below everything a service or a user sets: one HTTPS port
 * for admin API and Actuator, health groups, which endpoints exist at all, structured logs in the
 * cluster.
 */
public final class RuntimeDefaults implements EnvironmentPostProcessor {

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    Map<String, Object> defaults = new LinkedHashMap<>();
    defaults.put("server.port", "8081");
    defaults.put("spring.threads.virtual.enabled", "true");
    defaults.put("spring.main.banner-mode", "off");
    defaults.put("spring.jmx.enabled", "false");
    defaults.put(
        "management.endpoints.web.exposure.include",
        "health,info,metrics,prometheus,loggers,threaddump,controllers");
    defaults.put("management.endpoint.health.probes.enabled", "true");
    defaults.put("management.endpoint.health.show-details", "always");
    defaults.put("management.endpoint.health.group.liveness.include", "livenessState");
    defaults.put("management.endpoint.health.group.readiness.include", "readinessState,kubernetes");
    defaults.put("management.info.java.enabled", "true");
    defaults.put("management.info.process.enabled", "true");
    defaults.put("springdoc.api-docs.path", "/openapi");
    // A misspelt field must not be a request for something else.
    defaults.put("spring.jackson.deserialization.fail-on-unknown-properties", "true");
    if (application.getWebApplicationType() == WebApplicationType.NONE) {
      // A command has no caches, so no health to group.
      defaults.put("management.endpoint.health.validate-group-membership", "false");
    }
    if (environment.getProperty("KUBERNETES_SERVICE_HOST") != null) {
      defaults.put("logging.structured.format.console", "logstash");
    }
    if (environment.getProperty("ebb.tls.enabled", Boolean.class, false)) {
      String folder = environment.getProperty("ebb.tls.folder", "/etc/ebb/tls");
      defaults.put("spring.ssl.bundle.pem.ebb.keystore.certificate", folder + "/tls.crt");
      defaults.put("spring.ssl.bundle.pem.ebb.keystore.private-key", folder + "/tls.key");
      defaults.put("spring.ssl.bundle.pem.ebb.reload-on-update", "true");
      defaults.put("server.ssl.bundle", "ebb");
    }
    tracing(environment, application, defaults);
    environment.getPropertySources().addLast(new MapPropertySource("ebbDefaults", defaults));
  }

  private static void tracing(
      ConfigurableEnvironment environment,
      SpringApplication application,
      Map<String, Object> defaults) {
    boolean command = application.getWebApplicationType() == WebApplicationType.NONE;
    if (command || !TracingOn.in(environment)) {
      // Else Boot would keep a place for trace ids in every line of the log.
      defaults.put(TracingOn.EXPORT, "false");
      return;
    }
    // Each request to the admin port would be five spans, four of them of filters.
    defaults.put("management.observations.enable.spring.security", "false");
    String attributes = "management.opentelemetry.resource-attributes.";
    defaults.put(attributes + "service.name", "ebb-${ebb.service}");
    defaults.put(attributes + "k8s.pod.name", "${ebb.pod.name:local}");
    defaults.put(attributes + "k8s.namespace.name", "${ebb.pod.namespace:default}");
  }
}
