package dev.ebb.timescaler.config;

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
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ProcessEnd;
import dev.ebb.runtime.loop.LoopSettings;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.admin.ScalingScheduleController;
import dev.ebb.timescaler.admin.ServiceScalerController;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.apply.HpaWriter;
import dev.ebb.timescaler.apply.ScalerWriter;
import dev.ebb.timescaler.apply.ScheduleWriter;
import dev.ebb.timescaler.apply.TargetWriter;
import dev.ebb.timescaler.reconcile.Lookout;
import dev.ebb.timescaler.reconcile.Observations;
import dev.ebb.timescaler.reconcile.Reports;
import dev.ebb.timescaler.reconcile.ScalingScheduleReconciler;
import dev.ebb.timescaler.reconcile.ScheduleReports;
import dev.ebb.timescaler.reconcile.ServiceScalerReconciler;
import dev.ebb.timescaler.reconcile.Steered;
import dev.ebb.timescaler.reconcile.TargetHands;
import dev.ebb.timescaler.reconcile.TargetViews;
import dev.ebb.timescaler.reconcile.Triggers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the time-scaler together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TimeScalerProperties.class)
class TimeScalerConfiguration {

  // The lifecycle closes what everybody waits for; this closes the other kinds' informers as well.
  @Bean(destroyMethod = "close")
  Lookout lookout(
      KubeClient client,
      RuntimeProperties runtime,
      TimeScalerProperties properties,
      InstantSource clock) {
    return new Lookout(
        client, runtime.watchedNamespace(), properties.labelSelector(), properties.kinds(), clock);
  }

  @Bean(destroyMethod = "")
  LeaderLease writeGuard(
      KubeClient client, RuntimeProperties runtime, InstantSource clock, MeterRegistry meters) {
    return LeaderLifecycle.lease(client, runtime, clock, meters);
  }

  @Bean
  Steered steered() {
    return new Steered();
  }

  @Bean(destroyMethod = "")
  ReconcileLoop<ResourceKey> scalerLoop(
      Lookout lookout,
      KubeClient client,
      Freezes freezes,
      EventRecorder events,
      MeterRegistry meters,
      LoopSettings settings,
      InstantSource clock) {
    ObjectWriter writes = new ObjectWriter(client, lookout.informers());
    ObjectWriter evenFrozen = new ObjectWriter(client.evenFrozen(), lookout.informers());
    return new ReconcileLoop<>(
        "servicescaler",
        new ServiceScalerReconciler(
            lookout,
            client,
            freezes,
            new HpaWriter(writes),
            new ScalerWriter(writes),
            new HpaWriter(evenFrozen),
            new ScalerWriter(evenFrozen),
            new Reports(events),
            new Observations(meters, "servicescaler"),
            clock),
        meters,
        settings);
  }

  @Bean
  TargetViews targetViews(Lookout lookout, Freezes freezes, ResourceScalers scalers) {
    return new TargetViews(lookout, freezes, scalers);
  }

  @Bean
  ScheduleReports scheduleReports(EventRecorder events) {
    return new ScheduleReports(events);
  }

  @Bean
  TargetHands targetHands(
      Lookout lookout, KubeClient client, ResourceScalers scalers, ScheduleReports reports) {
    return new TargetHands(
        lookout,
        writers(new ObjectWriter(client, lookout.all()), scalers),
        writers(new ObjectWriter(client.evenFrozen(), lookout.all()), scalers),
        reports);
  }

  private static TargetHands.Writers writers(ObjectWriter writes, ResourceScalers scalers) {
    return new TargetHands.Writers(
        new HpaWriter(writes), new ScheduleWriter(writes), new TargetWriter(writes, scalers));
  }

  @Bean
  ScalingScheduleReconciler scalingScheduleReconciler(
      Lookout lookout,
      Steered steered,
      KubeClient client,
      TargetViews views,
      TargetHands hands,
      ScheduleReports reports,
      MeterRegistry meters,
      InstantSource clock) {
    return new ScalingScheduleReconciler(
        lookout,
        steered,
        client,
        views,
        hands,
        reports,
        new Observations(meters, "scalingschedule"),
        clock);
  }

  @Bean(destroyMethod = "")
  ReconcileLoop<ResourceKey> scheduleLoop(
      ScalingScheduleReconciler reconciler, MeterRegistry meters, LoopSettings settings) {
    return new ReconcileLoop<>("scalingschedule", reconciler, meters, settings);
  }

  /** Who asks for something by the admin API may, also while Ebb is frozen, of any replica. */
  @Bean
  PauseVerbs<ServiceScaler> serviceScalerVerbs(
      KubeClient client, Lookout lookout, Audit audit, InstantSource clock) {
    return new PauseVerbs<>(
        ServiceScaler.TYPE,
        client,
        new ScalerWriter(new ObjectWriter(client.evenFrozen().unguarded(), lookout.informers())),
        ServiceScalerController::none,
        audit,
        clock);
  }

  /** The same for ScalingSchedules. */
  @Bean
  PauseVerbs<ScalingSchedule> scalingScheduleVerbs(
      KubeClient client, Lookout lookout, Audit audit, InstantSource clock) {
    return new PauseVerbs<>(
        ScalingSchedule.TYPE,
        client,
        new ScheduleWriter(new ObjectWriter(client.evenFrozen().unguarded(), lookout.informers())),
        ScalingScheduleController::none,
        audit,
        clock);
  }

  @Bean
  LeaderLifecycle leadership(
      Lookout lookout,
      Steered steered,
      TargetViews views,
      ReconcileLoop<ResourceKey> scalerLoop,
      ReconcileLoop<ResourceKey> scheduleLoop,
      LeaderLease lease,
      ProcessEnd end,
      FreezeWatch freezes,
      TimeScalerProperties properties,
      RuntimeProperties runtime) {
    Triggers triggers = new Triggers(lookout, steered, views, scalerLoop::add, scheduleLoop::add);
    triggers.follow();
    // A kind that cannot be listed concerns its targets alone: nobody waits for it.
    lookout.others().values().forEach(Informer::start);
    freezes.onChange(triggers::addAll);
    Runnable lead =
        () -> {
          triggers.addAll();
          scalerLoop.start(properties.workers());
          scheduleLoop.start(properties.workers());
        };
    return new LeaderLifecycle(
        new CacheSync(informers(lookout, freezes), runtime.cacheSyncTimeout(), end),
        lease,
        end,
        lead,
        List.of(scalerLoop, scheduleLoop));
  }

  private static List<Informer<?>> informers(Lookout lookout, FreezeWatch freezes) {
    return Stream.concat(lookout.informers().stream(), freezes.informers().stream()).toList();
  }

  @Bean
  InformerMeters informerMeters(Lookout lookout, FreezeWatch freezes, InstantSource clock) {
    return new InformerMeters(
        Stream.concat(lookout.all().stream(), freezes.informers().stream()).toList(), clock);
  }

  /** Readiness: caches are filled and fresh. Leadership is information. */
  @Bean
  HealthIndicator kubernetes(Lookout lookout, FreezeWatch freezes, InstantSource clock) {
    return InformerHealth.fresh(informers(lookout, freezes), clock);
  }
}
