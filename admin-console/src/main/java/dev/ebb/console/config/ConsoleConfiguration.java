package dev.ebb.console.config;

import de.codecentric.boot.admin.server.services.InstanceIdGenerator;
import de.codecentric.boot.admin.server.services.InstanceRegistry;
import dev.ebb.console.discovery.Discovery;
import dev.ebb.console.discovery.InstanceTokens;
import dev.ebb.console.discovery.ReplicaConnector;
import dev.ebb.runtime.admin.AdminTrust;
import dev.ebb.runtime.config.InformerHealth;
import dev.ebb.runtime.config.RuntimeProperties;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.EndpointSlice;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ClientHttpConnector;

/** Puts the console together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConsoleProperties.class)
class ConsoleConfiguration {

  /** The console writes nothing that a freeze could stop. */
  @Bean
  Freezes freezes() {
    return Freezes.NONE;
  }

  @Bean(destroyMethod = "")
  Informer<EndpointSlice> slices(
      KubeClient client,
      RuntimeProperties runtime,
      ConsoleProperties properties,
      InstantSource clock) {
    return new Informer<>(
        client,
        EndpointSlice.TYPE,
        runtime.pod().namespace(),
        Map.of("labelSelector", properties.selector()),
        clock);
  }

  @Bean
  Discovery discovery(
      Informer<EndpointSlice> slices, InstanceRegistry registry, ExecutorService ebbExecutor) {
    return new Discovery(slices, registry, ebbExecutor);
  }

  @Bean
  InstanceIdGenerator instanceIdGenerator() {
    return Discovery.ids();
  }

  @Bean
  ClientHttpConnector replicaConnector(ConsoleProperties properties) {
    return new ReplicaConnector(new AdminTrust(path(properties.ca())));
  }

  @Bean
  InstanceTokens instanceTokens(ConsoleProperties properties, ExecutorService ebbExecutor) {
    return new InstanceTokens(path(properties.token()), ebbExecutor);
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null || text.isBlank() ? null : Path.of(text);
  }

  /** Readiness: the replicas are known. What was known before an outage is worth showing in it. */
  @Bean
  HealthIndicator kubernetes(Informer<EndpointSlice> slices, InstantSource clock) {
    return InformerHealth.filled(List.of(slices), clock);
  }
}
