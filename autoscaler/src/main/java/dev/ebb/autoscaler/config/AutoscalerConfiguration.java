package dev.ebb.autoscaler.config;

import dev.ebb.autoscaler.activity.ActivityHub;
import dev.ebb.autoscaler.activity.GatewayHttp;
import dev.ebb.autoscaler.activity.GatewayTrust;
import dev.ebb.autoscaler.admin.ScaledResourceVerbs;
import dev.ebb.autoscaler.apply.ResourceWriter;
import dev.ebb.autoscaler.apply.Sleeper;
import dev.ebb.autoscaler.apply.WriteGuard;
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
import dev.ebb.runtime.admin.Audit;
import dev.ebb.runtime.config.InformerHealth;
import dev.ebb.runtime.config.RuntimeProperties;
import dev.ebb.runtime.freeze.FreezeWatch;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.LeaderLease;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.nio.file.Path;
import java.time.InstantSource;
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
        new GatewayTrust(path(properties.gatewayCa())),
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
  ResourceWriter resourceWriter(KubeClient client, WriteGuard guard) {
    return new ResourceWriter(client, guard);
  }

  /** Who deletes a resource wants its workload back, frozen or not; it wakes and is let go. */
  @Bean
  Releaser releaser(
      Observer observer,
      KubeClient client,
      WriteGuard guard,
      ResourceScalers scalers,
      EventRecorder events) {
    ResourceWriter writer = new ResourceWriter(client.evenFrozen(), guard);
    return new Releaser(observer, writer, scalers, events);
  }

  /** What runs in the service; the one-time commands do without. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication
  static class Service {

    @Bean
    Leadership.LeaseHolder writeGuard(
        KubeClient client, RuntimeProperties runtime, InstantSource clock, MeterRegistry meters) {
      ResourceKey key = new ResourceKey(runtime.pod().namespace(), "ebb-" + runtime.service());
      // Unique to this process: a container that was restarted must wait as anybody else.
      String identity = runtime.pod().name() + "_" + runtime.pod().uid() + "_" + clock.millis();
      Leadership.LeaseHolder holder =
          new Leadership.LeaseHolder(
              (acquired, lost) -> new LeaderLease(client, key, identity, clock, acquired, lost));
      meters.gauge(
          "leader_election_master_status",
          Tags.of("name", key.name()),
          holder,
          h -> h.mayWrite() ? 1 : 0);
      return holder;
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
          meters);
    }

    /** Who asks for something by the admin API may, also while Ebb is frozen. */
    @Bean
    ScaledResourceVerbs scaledResourceVerbs(
        KubeClient client,
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
          new ResourceWriter(client.evenFrozen(), () -> true),
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
        MeterRegistry meters) {
      return new ReconcileLoop<>(
          "annotation", new AnnotationReconciler(lookout, writer, events, freezes), meters);
    }

    @Bean
    Leadership leadership(
        Lookout lookout,
        GatewayWatch gateway,
        ReconcileLoop<ResourceKey> resourceLoop,
        ReconcileLoop<WorkloadKey> workloadLoop,
        ActivityHub activity,
        Leadership.LeaseHolder lease,
        FreezeWatch freezes,
        AutoscalerProperties properties,
        RuntimeProperties runtime) {
      Triggers triggers =
          new Triggers(lookout, gateway, activity, resourceLoop::add, workloadLoop::add);
      freezes.onChange(triggers::addAll);
      return new Leadership(
          lookout,
          freezes,
          triggers,
          resourceLoop,
          workloadLoop,
          activity,
          lease,
          properties,
          runtime);
    }

    /** Readiness: caches are filled. Leadership is information. */
    @Bean
    HealthIndicator kubernetes(Lookout lookout, FreezeWatch freezes) {
      return new InformerHealth(
          Stream.concat(lookout.informers().stream(), freezes.informers().stream()).toList());
    }
  }
}
