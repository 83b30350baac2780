package dev.ebb.autoscaler.admin;

import dev.ebb.autoscaler.apply.ResourceWriter;
import dev.ebb.autoscaler.plan.Gate;
import dev.ebb.autoscaler.plan.KeyMarks;
import dev.ebb.autoscaler.plan.Observed;
import dev.ebb.autoscaler.plan.Plan;
import dev.ebb.autoscaler.plan.Planner;
import dev.ebb.autoscaler.plan.Reversals;
import dev.ebb.autoscaler.plan.SleepWish;
import dev.ebb.autoscaler.plan.TargetView;
import dev.ebb.autoscaler.reconcile.Observer;
import dev.ebb.runtime.admin.Audit;
import dev.ebb.runtime.admin.Caller;
import dev.ebb.runtime.admin.Done;
import dev.ebb.runtime.admin.PauseRequest;
import dev.ebb.runtime.admin.Problems;
import dev.ebb.runtime.admin.Verbs;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;

/**
 * What a user may ask of a ScaledResource. Each verb writes one object that the loop then acts on,
 * so it does not matter which replica is asked; a wake is written at once, as the gateway's is.
 * Every change is audited. Blocks. Thread-safe.
 */
public final class ScaledResourceVerbs {

  private final KubeClient client;
  private final Observer observer;
  private final Planner planner;
  private final ResourceScalers scalers;
  private final ResourceWriter writer;
  private final Audit audit;
  private final InstantSource clock;

  /**
   * Creates the verbs.
   *
   * @param writer writes without leading, and while Ebb is frozen: a user asks for it
   */
  public ScaledResourceVerbs(
      KubeClient client,
      Observer observer,
      Planner planner,
      ResourceScalers scalers,
      ResourceWriter writer,
      Audit audit,
      InstantSource clock) {
    this.client = client;
    this.observer = observer;
    this.planner = planner;
    this.scalers = scalers;
    this.writer = writer;
    this.audit = audit;
    this.clock = clock;
  }

  /** Wakes what Ebb put to sleep, as a request would. */
  public Done wake(ResourceKey key, Caller caller) {
    return again(
        key,
        resource -> {
          Observed observed = observer.cached(resource);
          ScaleTarget target = resource.target();
          if (target == null || !(observed.target() instanceof TargetView.Found found)) {
            throw unknown(resource);
          }
          if (found.scale().desired() > 0) {
            return Done.already(
                "wake", "replicas are %d already".formatted(found.scale().desired()));
          }
          requireActing(resource);
          if (planner.plan(observed).status().state() == State.Off) {
            throw Problems.conflict(
                "StoppedByOther",
                "somebody else than Ebb set 0 replicas; scale it up with kubectl scale, or set"
                    + " spec.adoptZero: true");
          }
          int replicas = Planner.wakeCount(observed, target);
          scalers.scale(
              new ScaleRequest(
                  target, replicas, found.scale().version(), "asked by " + caller.user()));
          return changed("wake", resource, caller, "replicas 0 -> " + replicas);
        });
  }

  /** Lets it sleep as soon as everything but its window allows it. */
  public Done sleep(ResourceKey key, Caller caller) {
    return again(
        key,
        resource -> {
          requireActing(resource);
          Observed observed = observer.cached(resource);
          observed
              .freeze()
              .ifPresent(freeze -> {
                throw Problems.conflict("Frozen", freeze.message());
              });
          switch (planner.plan(observed).status().state()) {
            case Asleep, Settling, Off -> {
              return Done.already("sleep", "replicas are 0 already");
            }
            case null -> throw unknown(resource);
            case Unknown -> throw unknown(resource);
            case Awake, Waking -> {}
          }
          Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
          ScaledResource asked = writer.annotate(resource, SleepWish.ANNOTATION, now.toString());
          Plan plan = planner.plan(observer.cached(asked));
          String what = "asked to sleep without waiting for spec.idleAfter";
          audit.record(subject(resource), "sleep", caller, what);
          return new Done("sleep", true, what, waits(plan));
        });
  }

  private static List<String> waits(Plan plan) {
    return plan.gates().stream()
        .filter(gate -> !gate.open())
        .map((Gate gate) -> gate.name() + ": " + gate.detail())
        .toList();
  }

  /** Leaves the workload as it is, for a time or until it is resumed. */
  public Done pause(ResourceKey key, PauseRequest request, Caller caller) {
    Instant until = request.until(clock.instant());
    return again(
        key,
        resource -> {
          boolean paused = resource.mode() == Mode.Paused;
          if (paused && until == null && Pause.of(resource.metadata()).isEmpty()) {
            return Done.already("pause", "it is paused until it is resumed");
          }
          writer.pause(resource, until);
          String zero =
              resource.status().state() == State.Asleep ? "; it sleeps, and callers get 503" : "";
          String what = "paused until " + (until == null ? "it is resumed" : until) + zero;
          return changed("pause", resource, caller, what);
        });
  }

  /** Ends a pause. */
  public Done resume(ResourceKey key, Caller caller) {
    return again(
        key,
        resource -> {
          if (resource.mode() != Mode.Paused) {
            return Done.already("resume", "it is not paused: spec.mode is " + resource.mode());
          }
          Mode mode = Pause.before(resource.metadata());
          writer.resume(resource, mode);
          return changed("resume", resource, caller, "spec.mode is " + mode);
        });
  }

  /** Forgets that others undid what Ebb did, so that it tries again. */
  public Done retry(ResourceKey key, Caller caller) {
    return again(
        key,
        resource -> {
          ScaledResource now = writer.annotate(resource, KeyMarks.ANNOTATION, "");
          now = writer.annotate(now, Reversals.ANNOTATION, "");
          if (now.equals(resource)) {
            return Done.already("retry", "there is nothing that Ebb gave up");
          }
          return changed("retry", resource, caller, "Ebb tries again what others undid");
        });
  }

  private Done changed(String verb, ScaledResource resource, Caller caller, String what) {
    audit.record(subject(resource), verb, caller, what);
    return Done.changed(verb, what);
  }

  private static Subject subject(ScaledResource resource) {
    return Subject.of(ScaledResource.TYPE, resource);
  }

  private ScaledResource read(ResourceKey key) {
    return client.find(ScaledResource.TYPE, key).orElseThrow(() -> none(key));
  }

  static RuntimeException none(ResourceKey key) {
    return Problems.notFound(
        "there is no ScaledResource %s; kubectl get sr -A lists all".formatted(key));
  }

  private Done again(ResourceKey key, Function<ScaledResource, Done> change) {
    return Verbs.onCurrent(() -> read(key), change);
  }

  private static void requireActing(ScaledResource resource) {
    if (resource.mode() != Mode.Enforce) {
      throw Problems.conflict(
          resource.mode().name(),
          "spec.mode is %s, so Ebb changes nothing; resume it, or set spec.mode: Enforce"
              .formatted(resource.mode()));
    }
  }

  private static RuntimeException unknown(ScaledResource resource) {
    return Problems.conflict(
        "TargetUnknown",
        "the workload of spec.targetRef cannot be read; kubectl describe sr %s -n %s says why"
            .formatted(resource.metadata().name(), resource.metadata().namespace()));
  }
}
