package dev.ebb.runtime.config;

import dev.ebb.runtime.freeze.FreezeGate;
import dev.ebb.runtime.freeze.FreezeWatch;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.Kinds;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.ProcessEnd;
import dev.ebb.runtime.kube.WriteGate;
import dev.ebb.runtime.kube.WriteGuard;
import dev.ebb.runtime.loop.LoopSettings;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.runtime.scale.ScaleSubresourceScaler;
import dev.ebb.scaler.ResourceScaler;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.util.function.SingletonSupplier;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Gives a service its access to Kubernetes. Every bean can be replaced by one of the service's. */
@AutoConfiguration
@EnableConfigurationProperties(RuntimeProperties.class)
public class RuntimeAutoConfiguration {

  /** Tells the time; tests put a stepped one here. */
  @Bean
  @ConditionalOnMissingBean
  InstantSource ebbClock() {
    return Clock.systemUTC();
  }

  /** Runs what blocks, one virtual thread each. */
  @Bean(destroyMethod = "shutdown")
  @ConditionalOnMissingBean(name = "ebbExecutor")
  ExecutorService ebbExecutor() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ebb-", 0).factory());
  }

  /** Credentials and connections: the kubeconfig that was named, or the pod's service account. */
  @Bean
  @ConditionalOnMissingBean
  ApiClient ebbApiClient(RuntimeProperties properties) throws IOException {
    return ApiClients.create(properties.kubeconfig(), System.getenv());
  }

  /** Gives memory back when starting is over. */
  @Bean
  StartUpGarbage ebbStartUpGarbage() {
    return new StartUpGarbage();
  }

  /** Typed requests over the client; in a service with a leader nobody else writes by it. */
  @Bean
  @ConditionalOnMissingBean
  KubeClient ebbKubeClient(
      ApiClient apiClient,
      RuntimeProperties properties,
      ObjectProvider<Freezes> freezes,
      ObjectProvider<WriteGuard> guards) {
    WriteGate gate = new FreezeGate(SingletonSupplier.of(freezes::getObject));
    KubeClient client =
        new KubeClient(apiClient, kubernetesJson(), "ebb-" + properties.service(), gate);
    // The guard is a Lease, and a Lease needs a client: looked up at the first write.
    Supplier<WriteGuard> guard =
        SingletonSupplier.of(() -> guards.getIfAvailable(() -> () -> true));
    return client.guardedBy(new LazyGuard(guard));
  }

  /** The switch that makes a service keep its hands off. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean(Freezes.class)
  @ConditionalOnWebApplication
  FreezeWatch ebbFreezeWatch(KubeClient client, RuntimeProperties properties, InstantSource clock) {
    FreezeWatch watch =
        new FreezeWatch(client, properties.pod().namespace(), properties.watchedNamespace(), clock);
    watch.start();
    return watch;
  }

  /** Who calls a command wants it done. */
  @Bean
  @ConditionalOnMissingBean(Freezes.class)
  @ConditionalOnNotWebApplication
  Freezes ebbNoFreezes() {
    return Freezes.NONE;
  }

  private record LazyGuard(Supplier<WriteGuard> guard) implements WriteGuard {
    @Override
    public boolean mayWrite() {
      return guard.get().mayWrite();
    }

    @Override
    public Duration timeLeft() {
      return guard.get().timeLeft();
    }
  }

  /** Ends the process when going on would be wrong. */
  @Bean
  @ConditionalOnMissingBean
  ProcessEnd ebbProcessEnd() {
    return new ProcessExit();
  }

  /** How the service's loops treat their workers. */
  @Bean
  @ConditionalOnMissingBean
  LoopSettings ebbLoopSettings(RuntimeProperties properties) {
    return LoopSettings.defaults().withDeadline(properties.reconcileDeadline());
  }

  /**
   * Returns the mapper that reads Kubernetes objects into slim records: one for all, since it looks
   * into each class once and keeps what it found.
   */
  public static JsonMapper kubernetesJson() {
    return KubernetesJson.MAPPER;
  }

  /** Made when it is first asked for. */
  private static final class KubernetesJson {
    private static final JsonMapper MAPPER =
        JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            // An unknown enum value must not hide the object that holds it.
            .enable(tools.jackson.databind.cfg.EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .build();
  }

  /** Finds where kinds are served. */
  @Bean
  @ConditionalOnMissingBean
  Kinds ebbKinds(KubeClient client) {
    return new Kinds(client);
  }

  /** Records Events. */
  @Bean
  @ConditionalOnMissingBean
  EventRecorder ebbEventRecorder(
      KubeClient client,
      ExecutorService ebbExecutor,
      InstantSource clock,
      RuntimeProperties properties) {
    return new EventRecorder(client, ebbExecutor, clock, properties.pod().name());
  }

  /** All scalers that component scanning found, Ebb's own last. */
  @Bean
  @ConditionalOnMissingBean
  ResourceScalers ebbResourceScalers(
      ObjectProvider<ResourceScaler> found,
      KubeClient client,
      Kinds kinds,
      Freezes freezes,
      ExecutorService ebbExecutor) {
    List<ResourceScaler> scalers = new ArrayList<>(found.orderedStream().toList());
    scalers.add(new ScaleSubresourceScaler(client, kinds, ebbExecutor));
    return new ResourceScalers(scalers, freezes);
  }

  /** Shows the service's controller loops. */
  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint
  ControllersEndpoint ebbControllers(ObjectProvider<ReconcileLoop<?>> loops) {
    return new ControllersEndpoint(loops::stream);
  }
}
