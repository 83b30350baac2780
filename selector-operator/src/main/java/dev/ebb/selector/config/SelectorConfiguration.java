package dev.ebb.selector.config;

import dev.ebb.runtime.admin.Audit;
import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.config.InformerHealth;
import dev.ebb.runtime.config.InformerMeters;
import dev.ebb.runtime.config.LeaderLifecycle;
import dev.ebb.runtime.config.RuntimeProperties;
import dev.ebb.runtime.freeze.FreezeWatch;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.CacheSync;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.LeaderLease;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ProcessEnd;
import dev.ebb.runtime.loop.LoopSettings;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.admin.PoolController;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.apply.PoolWriter;
import dev.ebb.selector.reconcile.Lookout;
import dev.ebb.selector.reconcile.Observations;
import dev.ebb.selector.reconcile.PoolReconciler;
import dev.ebb.selector.reconcile.Reports;
import dev.ebb.selector.reconcile.Triggers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the selector-operator together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SelectorProperties.class)
class SelectorConfiguration {

  @Bean(destroyMethod = "")
  Lookout lookout(
      KubeClient client,
      RuntimeProperties runtime,
      SelectorProperties properties,
      InstantSource clock) {
    return new Lookout(
        client,
        runtime.watchedNamespace(),
        properties.environment().pool(runtime.pod().namespace()),
        clock);
  }

  @Bean(destroyMethod = "")
  LeaderLease writeGuard(
      KubeClient client, RuntimeProperties runtime, InstantSource clock, MeterRegistry meters) {
    return LeaderLifecycle.lease(client, runtime, clock, meters);
  }

  @Bean
  Observations observations(MeterRegistry meters) {
    return new Observations(meters);
  }

  @Bean(destroyMethod = "")
  ReconcileLoop<ResourceKey> poolLoop(
      Lookout lookout,
      KubeClient client,
      Freezes freezes,
      EventRecorder events,
      Observations observations,
      RuntimeProperties runtime,
      MeterRegistry meters,
      LoopSettings settings,
      InstantSource clock) {
    PoolWriter usual = new PoolWriter(new ObjectWriter(client, lookout.informers()));
    PoolWriter evenFrozen =
        new PoolWriter(new ObjectWriter(client.evenFrozen(), lookout.informers()));
    Meta self = Meta.named(runtime.pod().namespace(), runtime.pod().name(), runtime.pod().uid());
    return new ReconcileLoop<>(
        "servicepool",
        new PoolReconciler(
            lookout,
            client,
            freezes,
            new PoolReconciler.Writers(usual, evenFrozen),
            new Reports(events),
            observations,
            new EventRecorder.Subject("v1", "Pod", self),
            clock),
        meters,
        settings);
  }

  @Bean
  PauseVerbs<ServicePool> poolVerbs(
      KubeClient client, Lookout lookout, Audit audit, InstantSource clock) {
    return new PauseVerbs<>(
        ServicePool.TYPE,
        client,
        new PoolWriter(new ObjectWriter(client.evenFrozen().unguarded(), lookout.informers())),
        PoolController::none,
        audit,
        clock);
  }

  @Bean
  LeaderLifecycle leadership(
      Lookout lookout,
      ReconcileLoop<ResourceKey> poolLoop,
      LeaderLease lease,
      ProcessEnd end,
      FreezeWatch freezes,
      SelectorProperties properties,
      RuntimeProperties runtime) {
    Triggers triggers = new Triggers(lookout, poolLoop::add);
    triggers.follow();
    freezes.onChange(triggers::addAll);
    Runnable lead =
        () -> {
          triggers.addAll();
          poolLoop.start(properties.workers());
        };
    return new LeaderLifecycle(
        new CacheSync(informers(lookout, freezes), runtime.cacheSyncTimeout(), end),
        lease,
        end,
        lead,
        List.of(poolLoop));
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
