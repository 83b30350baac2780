package dev.ebb.nodescaler.config;

import dev.ebb.nodescaler.admin.NodeBufferController;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.apply.BufferWriter;
import dev.ebb.nodescaler.apply.Clouds;
import dev.ebb.nodescaler.apply.Deletion;
import dev.ebb.nodescaler.apply.NodeWriter;
import dev.ebb.nodescaler.plan.Decider;
import dev.ebb.nodescaler.provider.DigitalOceanProvider;
import dev.ebb.nodescaler.reconcile.BufferReconciler;
import dev.ebb.nodescaler.reconcile.Hands;
import dev.ebb.nodescaler.reconcile.Lookout;
import dev.ebb.nodescaler.reconcile.Observations;
import dev.ebb.nodescaler.reconcile.Pace;
import dev.ebb.nodescaler.reconcile.Reports;
import dev.ebb.nodescaler.reconcile.Triggers;
import dev.ebb.runtime.admin.Audit;
import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.config.ApiClients;
import dev.ebb.runtime.config.InformerHealth;
import dev.ebb.runtime.config.InformerMeters;
import dev.ebb.runtime.config.LeaderLifecycle;
import dev.ebb.runtime.config.RuntimeProperties;
import dev.ebb.runtime.freeze.FreezeWatch;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.CacheSync;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.LeaderLease;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ProcessEnd;
import dev.ebb.runtime.loop.LoopSettings;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.nodes.NodeProvider;
import io.kubernetes.client.openapi.ApiClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Puts the node-scaler together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NodeScalerProperties.class)
class NodeScalerConfiguration {

  private static final Duration FIRST_RETRY = Duration.ofMillis(200);

  /** Kubescaler's configuration; null inside when there is none. */
  record Configured(Optional<KubescalerSettings> settings) {}

  @Bean
  Configured kubescaler(Environment environment, List<NodeProvider> providers) {
    return new Configured(
        KubescalerReader.configured(environment)
            ? Optional.of(
                KubescalerReader.read(
                    environment,
                    providers.stream()
                        .map(NodeProvider::type)
                        .collect(java.util.stream.Collectors.toSet())))
            : Optional.empty());
  }

  /** The runtime's client, at another address where kubescaler's configuration names one. */
  @Bean
  ApiClient apiClient(RuntimeProperties runtime, NodeScalerProperties properties)
      throws IOException {
    ApiClient client = ApiClients.create(runtime.kubeconfig(), System.getenv());
    return properties.master().isBlank()
        ? client
        : client.setBasePath(properties.master().strip().replaceAll("/+$", ""));
  }

  @Bean
  DigitalOceanProvider digitalOcean(NodeScalerProperties properties) {
    NodeScalerProperties.DigitalOcean account = properties.digitalocean();
    return new DigitalOceanProvider(account.address(), account::token, FIRST_RETRY);
  }

  @Bean(destroyMethod = "")
  LeaderLease writeGuard(
      KubeClient client, RuntimeProperties runtime, InstantSource clock, MeterRegistry meters) {
    return LeaderLifecycle.lease(client, runtime, clock, meters);
  }

  @Bean
  Clouds clouds(
      List<NodeProvider> providers,
      LeaderLease lease,
      ExecutorService ebbExecutor,
      MeterRegistry meters,
      InstantSource clock) {
    return new Clouds(providers, lease, ebbExecutor, meters, clock);
  }

  @Bean(destroyMethod = "")
  Lookout lookout(
      KubeClient client, RuntimeProperties runtime, Configured configured, InstantSource clock) {
    return new Lookout(
        client,
        runtime.watchedNamespace(),
        configured.settings().map(s -> s.buffer(runtime.pod().namespace())).orElse(null),
        clock);
  }

  @Bean
  Observations observations(MeterRegistry meters) {
    return new Observations(meters);
  }

  @Bean
  Hands hands(
      Lookout lookout,
      Clouds clouds,
      KubeClient client,
      Freezes freezes,
      EventRecorder events,
      Observations observations) {
    NodeWriter usual = new NodeWriter(new ObjectWriter(client, lookout.informers()));
    NodeWriter restores =
        new NodeWriter(new ObjectWriter(client.evenFrozen(), lookout.informers()));
    return new Hands(
        lookout,
        clouds,
        freezes,
        new Hands.Writers(usual, restores),
        new Deletion(client, usual),
        new Reports(events),
        observations);
  }

  @Bean
  BufferReconciler bufferReconciler(
      Lookout lookout,
      Clouds clouds,
      KubeClient client,
      Freezes freezes,
      Hands hands,
      EventRecorder events,
      Observations observations,
      NodeScalerProperties properties,
      Configured configured,
      RuntimeProperties runtime,
      InstantSource clock,
      ObjectProvider<ReconcileLoop<ResourceKey>> loop) {
    Meta pod = Meta.named(runtime.pod().namespace(), runtime.pod().name(), runtime.pod().uid());
    return new BufferReconciler(
        lookout,
        clouds,
        client,
        freezes,
        hands,
        new BufferWriter(new ObjectWriter(client, lookout.informers())),
        new Reports(events),
        observations,
        new BufferReconciler.Settings(
            properties.refresh(configured.settings().orElse(null)),
            new Subject("v1", "Pod", pod),
            // A pool that was read again, when the loop is there long since.
            key -> loop.getObject().add(key)),
        clock,
        Decider::decide);
  }

  @Bean(destroyMethod = "")
  ReconcileLoop<ResourceKey> bufferLoop(
      BufferReconciler reconciler, MeterRegistry meters, LoopSettings settings) {
    return new ReconcileLoop<>("nodebuffer", reconciler, meters, settings);
  }

  @Bean
  PauseVerbs<NodeBuffer> nodeBufferVerbs(
      KubeClient client, Lookout lookout, Audit audit, InstantSource clock) {
    return new PauseVerbs<>(
        NodeBuffer.TYPE,
        client,
        new BufferWriter(new ObjectWriter(client.evenFrozen().unguarded(), lookout.informers())),
        NodeBufferController::none,
        audit,
        clock);
  }

  @Bean
  LeaderLifecycle leadership(
      Lookout lookout,
      ReconcileLoop<ResourceKey> bufferLoop,
      LeaderLease lease,
      ProcessEnd end,
      FreezeWatch freezes,
      NodeScalerProperties properties,
      RuntimeProperties runtime) {
    Triggers triggers = new Triggers(lookout, new Pace(bufferLoop::addAfter, System::nanoTime));
    triggers.follow();
    freezes.onChange(triggers::addAll);
    Runnable lead =
        () -> {
          triggers.addAll();
          bufferLoop.start(properties.workers());
        };
    return new LeaderLifecycle(
        new CacheSync(informers(lookout, freezes), runtime.cacheSyncTimeout(), end),
        lease,
        end,
        lead,
        List.of(bufferLoop));
  }

  private static List<Informer<?>> informers(Lookout lookout, FreezeWatch freezes) {
    return Stream.concat(lookout.informers().stream(), freezes.informers().stream()).toList();
  }

  @Bean
  InformerMeters informerMeters(Lookout lookout, FreezeWatch freezes, InstantSource clock) {
    return new InformerMeters(informers(lookout, freezes), clock);
  }

  /** Readiness: caches are filled and fresh. Leadership is information. */
  @Bean
  HealthIndicator kubernetes(Lookout lookout, FreezeWatch freezes, InstantSource clock) {
    return InformerHealth.fresh(informers(lookout, freezes), clock);
  }
}
