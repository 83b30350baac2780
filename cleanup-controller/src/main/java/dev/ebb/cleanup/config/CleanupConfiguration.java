package dev.ebb.cleanup.config;

import dev.ebb.cleanup.admin.CleanupVerbs;
import dev.ebb.cleanup.apply.Cleaner;
import dev.ebb.cleanup.apply.CleanupWriter;
import dev.ebb.cleanup.apply.LiveView;
import dev.ebb.cleanup.reconcile.LockWatch;
import dev.ebb.cleanup.reconcile.Lookout;
import dev.ebb.cleanup.reconcile.Observations;
import dev.ebb.cleanup.reconcile.Observer;
import dev.ebb.cleanup.reconcile.Reports;
import dev.ebb.cleanup.reconcile.StatefulSetReconciler;
import dev.ebb.cleanup.reconcile.Triggers;
import dev.ebb.runtime.admin.Audit;
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
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ProcessEnd;
import dev.ebb.runtime.loop.LoopSettings;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.scaler.ResourceKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the cleanup-controller together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CleanupProperties.class)
class CleanupConfiguration {

  @Bean(destroyMethod = "")
  Lookout lookout(KubeClient client, RuntimeProperties runtime, InstantSource clock) {
    return new Lookout(client, runtime.watchedNamespace(), clock);
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

  /** The predecessor is looked for unless that is switched off. */
  @Bean(destroyMethod = "")
  LockWatch predecessor(
      KubeClient client,
      RuntimeProperties runtime,
      CleanupProperties properties,
      InstantSource clock) {
    return new LockWatch(client, runtime.watchedNamespace(), properties.watchPredecessor(), clock);
  }

  @Bean
  Observer observer(Lookout lookout, Freezes freezes, LockWatch predecessor, InstantSource clock) {
    return new Observer(lookout, freezes, predecessor, clock);
  }

  @Bean(destroyMethod = "")
  ReconcileLoop<ResourceKey> setLoop(
      Lookout lookout,
      Observer observer,
      KubeClient client,
      Freezes freezes,
      EventRecorder events,
      Observations observations,
      MeterRegistry meters,
      RuntimeProperties runtime,
      LoopSettings settings,
      InstantSource clock) {
    ObjectWriter writes = new ObjectWriter(client, lookout.informers());
    Set<String> namespaces = Set.copyOf(runtime.watchNamespaces());
    return new ReconcileLoop<>(
        "statefulset",
        new StatefulSetReconciler(
            observer,
            new Cleaner(writes, new CleanupWriter(writes), new LiveView(client), freezes),
            new Reports(events),
            observations,
            namespace -> namespaces.isEmpty() || namespaces.contains(namespace),
            clock),
        meters,
        settings);
  }

  /** Who asks for something by the admin API may, also while Ebb is frozen, of any replica. */
  @Bean
  CleanupVerbs cleanupVerbs(KubeClient client, Lookout lookout, Audit audit) {
    return new CleanupVerbs(
        client,
        new CleanupWriter(new ObjectWriter(client.evenFrozen().unguarded(), lookout.informers())),
        audit);
  }

  @Bean
  LeaderLifecycle leadership(
      Lookout lookout,
      ReconcileLoop<ResourceKey> setLoop,
      LeaderLease lease,
      ProcessEnd end,
      FreezeWatch freezes,
      LockWatch predecessor,
      CleanupProperties properties,
      RuntimeProperties runtime) {
    Triggers triggers = new Triggers(lookout, setLoop::add);
    triggers.follow();
    freezes.onChange(triggers::addAll);
    predecessor.onChange(triggers::addAll);
    Runnable lead =
        () -> {
          triggers.addAll();
          setLoop.start(properties.workers());
        };
    return new LeaderLifecycle(
        new CacheSync(informers(lookout, freezes, predecessor), runtime.cacheSyncTimeout(), end),
        lease,
        end,
        lead,
        List.of(setLoop));
  }

  private static List<Informer<?>> informers(
      Lookout lookout, FreezeWatch freezes, LockWatch predecessor) {
    return Stream.of(
            lookout.informers().stream(), freezes.informers().stream(), predecessor.informers())
        .flatMap(informers -> informers)
        .toList();
  }

  @Bean
  InformerMeters informerMeters(
      Lookout lookout, FreezeWatch freezes, LockWatch predecessor, InstantSource clock) {
    return new InformerMeters(informers(lookout, freezes, predecessor), clock);
  }

  /** Readiness: caches are filled and fresh. Leadership is information. */
  @Bean
  HealthIndicator kubernetes(
      Lookout lookout, FreezeWatch freezes, LockWatch predecessor, InstantSource clock) {
    return InformerHealth.fresh(informers(lookout, freezes, predecessor), clock);
  }
}
