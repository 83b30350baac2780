package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.apply.ResourceWriter;
import dev.ebb.autoscaler.apply.Sleeper;
import dev.ebb.autoscaler.plan.Observed;
import dev.ebb.autoscaler.plan.Plan;
import dev.ebb.autoscaler.plan.Planner;
import dev.ebb.autoscaler.plan.Release;
import dev.ebb.autoscaler.plan.Step;
import dev.ebb.autoscaler.plan.TargetView;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.loop.LoopContext;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one ScaledResource true: decides on what the caches show, does the plan's steps in their
 * order, reports. What cannot be undone (zero) is decided anew on live objects by the {@link
 * Sleeper}. A conflict means that somebody was quicker: the next look decides anew.
 */
public final class ScaledResourceReconciler implements Reconciler<ResourceKey> {

  private static final Logger log = LoggerFactory.getLogger(ScaledResourceReconciler.class);
  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration RELEASE_LOOK = Duration.ofMillis(200);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** When a sleep that was cancelled may be tried again. */
  private record Pause(int cancelled, Instant until) {}

  private final Lookout lookout;
  private final Observer observer;
  private final Planner planner;
  private final ResourceWriter writer;
  private final Sleeper sleeper;
  private final Releaser releaser;
  private final ResourceScalers scalers;
  private final KubeClient client;
  private final ResourceKey gatewayService;
  private final Reports reports;
  private final MeterRegistry meters;
  private final InstantSource clock;
  private final Map<ResourceKey, Pause> pauses = new ConcurrentHashMap<>();

  /** Creates the reconciler. */
  public ScaledResourceReconciler(
      Lookout lookout,
      Observer observer,
      Planner planner,
      ResourceWriter writer,
      Sleeper sleeper,
      Releaser releaser,
      ResourceScalers scalers,
      KubeClient client,
      ResourceKey gatewayService,
      Reports reports,
      MeterRegistry meters,
      InstantSource clock) {
    this.lookout = lookout;
    this.observer = observer;
    this.planner = planner;
    this.writer = writer;
    this.sleeper = sleeper;
    this.releaser = releaser;
    this.scalers = scalers;
    this.client = client;
    this.gatewayService = gatewayService;
    this.reports = reports;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public Result reconcile(ResourceKey key) {
    ScaledResource resource = lookout.scaledResources().get(key).orElse(null);
    if (resource == null) {
      pauses.remove(key);
      return Result.DONE;
    }
    LoopContext.generation(resource.metadata().generation());
    try {
      if (resource.metadata().deleting()) {
        return release(resource);
      }
      Optional<Uninstalling> uninstalling = Uninstalling.of(resource);
      if (uninstalling.isPresent()) {
        if (uninstalling.get().concerns(installation(), clock.instant())) {
          return Result.after(Uninstalling.LONGEST);
        }
        writer.annotate(resource, Release.UNINSTALLING, "");
        return Result.after(SOON);
      }
      return carryOut(resource, observer.cached(resource));
    } catch (KubeException e) {
      if (e.conflict() || e.notFound()) {
        log.debug("{}: somebody was quicker: {}", key, e.getMessage());
        return Result.after(SOON);
      }
      throw e;
    }
  }

  private String installation() {
    return client.find(Service.TYPE, gatewayService).map(s -> s.metadata().uid()).orElse("");
  }

  private Result release(ScaledResource resource) {
    Instant asked = resource.metadata().deletionTimestamp();
    if (asked == null || !resource.metadata().finalizers().contains(ScaledResource.FINALIZER)) {
      return Result.DONE;
    }
    return switch (releaser.step(resource, asked.plus(Release.LONGEST))) {
      case Releaser.Progress.Going going -> {
        log.debug("release of {}: {}", resource.key(), going.what());
        yield Result.after(RELEASE_LOOK);
      }
      case Releaser.Progress.Finished finished -> {
        if (!finished.ready()) {
          reports.releasedUnready(resource);
        }
        yield Result.DONE;
      }
    };
  }

  private Result carryOut(ScaledResource resource, Observed observed) {
    Plan plan = planner.plan(observed);
    if (plan.sleeps()) {
      return sleep(resource, observed);
    }
    ScaledResource current = resource;
    if (resource.status().adoptedAt() != null && plan.status().adoptedAt() == null) {
      // Before a key comes back: after a crash the old hand-over would pass for the new one.
      // Its Services stay: what they may have of a key is looked at by the steps.
      current = writer.status(current, plan.status().serving(resource.mappedServices()));
    }
    for (Step step : plan.steps()) {
      current = take(current, step);
    }
    writer.status(current, plan.status());
    reports.report(resource, plan);
    Duration again = plan.lookAgain();
    return again == null ? Result.DONE : Result.after(again);
  }

  private ScaledResource take(ScaledResource resource, Step step) {
    return switch (step) {
      case Step.AddFinalizer add -> writer.addFinalizer(resource);
      case Step.Annotate annotate -> writer.annotate(resource, annotate.key(), annotate.value());
      case Step.AddKey add -> {
        writer.addKey(add.service());
        reports.handedOver(resource, add.service().metadata().name());
        yield resource;
      }
      case Step.RemoveKey remove -> {
        writer.removeKey(remove.service());
        reports.ledPast(resource, remove.service().metadata().name());
        yield resource;
      }
      case Step.EnsureNoKey ensure -> {
        writer.removeKey(ensure.service());
        yield resource;
      }
      case Step.RemoveSlice remove -> {
        writer.removeSlice(remove.slice());
        yield resource;
      }
      case Step.Resume resume -> {
        reports.resumed(resource, resume);
        yield writer.resume(resource, resume.mode());
      }
      case Step.Wake wake -> {
        wake(resource, wake);
        yield resource;
      }
      case Step.Sleep sleep -> throw new IllegalStateException("sleep is not taken here");
    };
  }

  private void wake(ScaledResource resource, Step.Wake wake) {
    ScaleTarget target = resource.target();
    if (target == null) {
      return;
    }
    scalers.scale(new ScaleRequest(target, wake.replicas(), null, wake.why()));
    reports.wokeUp(resource, wake);
  }

  /** Tries to sleep; one that was cancelled is tried again after a pause that doubles. */
  private Result sleep(ScaledResource resource, Observed observed) {
    Instant now = clock.instant();
    Pause pause = pauses.getOrDefault(resource.key(), new Pause(0, Instant.EPOCH));
    if (now.isBefore(pause.until())) {
      return Result.after(Duration.between(now, pause.until()));
    }
    int replicas = observed.target() instanceof TargetView.Found f ? f.scale().desired() : 0;
    Sleeper.Result result = sleeper.sleep(resource, observed.gateway());
    String name = result.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    meters.counter("ebb_autoscaler_sleeps", "result", name).increment();
    switch (result) {
      case Sleeper.Result.Slept slept -> {
        pauses.remove(resource.key());
        reports.sleeps(resource, replicas);
        return Result.after(SOON);
      }
      case Sleeper.Result.Cancelled(String why) -> {
        Duration length = FIRST_PAUSE.multipliedBy(1L << Math.min(pause.cancelled(), 5));
        length = length.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : length;
        pauses.put(resource.key(), new Pause(pause.cancelled() + 1, now.plus(length)));
        log.info("{} stays up: {}", resource.key(), why);
        return Result.after(length);
      }
      case Sleeper.Result.Unknown(String why) -> {
        log.warn("{}: {}", resource.key(), why);
        return Result.after(FIRST_PAUSE);
      }
    }
  }
}
