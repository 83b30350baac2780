package dev.ebb.autoscaler.config;

import dev.ebb.autoscaler.activity.ActivityHub;
import dev.ebb.autoscaler.activity.GatewayHttp;
import dev.ebb.autoscaler.admin.ScaledResourceVerbs;
import dev.ebb.autoscaler.apply.ResourceWriter;
import dev.ebb.autoscaler.apply.Sleeper;
import dev.ebb.autoscaler.plan.Planner;
import dev.ebb.autoscaler.plan.Settings;
import dev.ebb.autoscaler.reconcile.AnnotationReconciler;
import dev.ebb.autoscaler.reconcile.GatewayWatch;
import dev.ebb.autoscaler.reconcile.Lookout;
import dev.ebb.autoscaler.reconcile.Observer;
import dev.ebb.autoscaler.reconcile.Releaser;
import dev.ebb.autoscaler.reconcile.Reports;
import dev.ebb.autoscaler.reconcile.ScaledResourceReconciler;
import dev.ebb.autoscaler.reconcile.Triggers;
import dev.ebb.autoscaler.reconcile.WorkloadKey;
import dev.ebb.runtime.admin.AdminTrust;
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
import dev.ebb.runtime.kube.WriteGuard;
import dev.ebb.runtime.loop.LoopSettings;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the autoscaler together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AutoscalerProperties.class)
class AutoscalerConfiguration {

  @Bean
  ResourceKey gatewayService(AutoscalerProperties properties, RuntimeProperties runtime) {
    String namespace = properties.gatewayNamespace();
    return new ResourceKey(
        namespace.isBlank() ? runtime.pod().namespace() : namespace, properties.gatewayService());
  }

  @Bean(destroyMethod = "")
  Lookout lookout(
      KubeClient client,
      RuntimeProperties runtime,
      ResourceKey gatewayService,
      InstantSource clock) {
    return new Lookout(client, runtime.watchedNamespace(), gatewayService, clock);
  }

  @Bean
  GatewayWatch gatewayWatch(InstantSource clock) {
    return new GatewayWatch(clock);
  }

  @Bean
  GatewayHttp gatewayHttp(AutoscalerProperties properties, KubeClient client) {
    return new GatewayHttp(
        properties.gatewayPort(),
        new AdminTrust(path(properties.gatewayCa())),
        path(properties.gatewayToken()),
        properties.gatewayTimeout(),
        properties.gatewaySilence(),
        client.json());
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null || text.isBlank() ? null : Path.of(text);
  }

  @Bean
  ActivityHub activityHub(
      GatewayHttp gateway,
      InstantSource clock,
      KubeClient client,
      AutoscalerProperties properties) {
    return new ActivityHub(gateway, clock, client.json(), properties.gatewaySilence());
  }

  @Bean
  Observer observer(
      Lookout lookout,
      KubeClient client,
      ResourceScalers scalers,
      ResourceKey gatewayService,
      GatewayWatch gateway,
      ActivityHub activity,
      Freezes freezes,
      InstantSource clock) {
    return new Observer(
        lookout, client, scalers, gatewayService, gateway, activity, freezes, clock);
  }

  @Bean
  Planner planner(AutoscalerProperties properties) {
    return new Planner(
        new Settings(
            properties.settle(),
            properties.adoptionGrace(),
            properties.newPodAge(),
            properties.bypassAfter(),
            properties.restoreAfter()));
  }

  @Bean
  ResourceWriter resourceWriter(KubeClient client, Lookout lookout) {
    return new ResourceWriter(new ObjectWriter(client, lookout.informers()));
  }

  /** Who deletes a resource wants its workload back, frozen or not; it wakes and is let go. */
  @Bean
  Releaser releaser(
      Observer observer,
      KubeClient client,
      Lookout lookout,
      ResourceScalers scalers,
      EventRecorder events) {
    ResourceWriter writer =
        new ResourceWriter(new ObjectWriter(client.evenFrozen(), lookout.informers()));
    return new Releaser(observer, writer, scalers, events);
  }

  /** What runs in the service; the one-time commands do without. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication
  static class Service {

    @Bean(destroyMethod = "")
    LeaderLease writeGuard(
        KubeClient client, RuntimeProperties runtime, InstantSource clock, MeterRegistry meters) {
      return LeaderLifecycle.lease(client, runtime, clock, meters);
    }

    @Bean
    Sleeper sleeper(
        GatewayHttp gateway,
        Observer observer,
        Planner planner,
        ResourceScalers scalers,
        ResourceWriter writer,
        WriteGuard guard) {
      return new Sleeper(gateway, observer, planner, scalers, writer, guard, System::nanoTime);
    }

    @Bean(destroyMethod = "")
    ReconcileLoop<ResourceKey> resourceLoop(
        Lookout lookout,
        Observer observer,
        Planner planner,
        ResourceWriter writer,
        Sleeper sleeper,
        Releaser releaser,
        ResourceScalers scalers,
        KubeClient client,
        ResourceKey gatewayService,
        EventRecorder events,
        MeterRegistry meters,
        LoopSettings settings,
        InstantSource clock) {
      countStates(lookout, meters);
      return new ReconcileLoop<>(
          "scaledresource",
          new ScaledResourceReconciler(
              lookout,
              observer,
              planner,
              writer,
              sleeper,
              releaser,
              scalers,
              client,
              gatewayService,
              new Reports(events),
              meters,
              clock),
          meters,
          settings);
    }

    /** Who asks for something by the admin API may, also while Ebb is frozen, of any replica. */
    @Bean
    ScaledResourceVerbs scaledResourceVerbs(
        KubeClient client,
        Lookout lookout,
        Observer observer,
        Planner planner,
        ResourceScalers scalers,
        Audit audit,
        InstantSource clock) {
      return new ScaledResourceVerbs(
          client,
          observer,
          planner,
          scalers,
          new ResourceWriter(
              new ObjectWriter(client.evenFrozen().unguarded(), lookout.informers())),
          audit,
          clock);
    }

    private static void countStates(Lookout lookout, MeterRegistry meters) {
      for (ScaledResource.State state : ScaledResource.State.values()) {
        meters.gauge(
            "ebb_autoscaler_resources",
            Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
            lookout,
            l ->
                l.scaledResources().list().stream()
                    .filter(r -> r.status().state() == state)
                    .count());
      }
    }

    @Bean(destroyMethod = "")
    ReconcileLoop<WorkloadKey> workloadLoop(
        Lookout lookout,
        ResourceWriter writer,
        EventRecorder events,
        Freezes freezes,
        MeterRegistry meters,
        LoopSettings settings) {
      return new ReconcileLoop<>(
          "annotation",
          new AnnotationReconciler(lookout, writer, events, freezes),
          meters,
          settings);
    }

    @Bean
    LeaderLifecycle leadership(
        Lookout lookout,
        GatewayWatch gateway,
        ReconcileLoop<ResourceKey> resourceLoop,
        ReconcileLoop<WorkloadKey> workloadLoop,
        ActivityHub activity,
        LeaderLease lease,
        ProcessEnd end,
        FreezeWatch freezes,
        AutoscalerProperties properties,
        RuntimeProperties runtime) {
      Triggers triggers =
          new Triggers(lookout, gateway, activity, resourceLoop::add, workloadLoop::add);
      triggers.follow();
      freezes.onChange(triggers::addAll);
      Runnable lead =
          () -> {
            activity.restart();
            triggers.addAll();
            resourceLoop.start(properties.workers());
            workloadLoop.start(2);
          };
      return new LeaderLifecycle(
          new CacheSync(informers(lookout, freezes), runtime.cacheSyncTimeout(), end),
          lease,
          end,
          lead,
          List.of(workloadLoop, resourceLoop));
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
}
