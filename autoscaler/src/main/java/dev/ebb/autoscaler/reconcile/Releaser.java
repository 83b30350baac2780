package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.apply.ResourceWriter;
import dev.ebb.autoscaler.plan.KeyMarks;
import dev.ebb.autoscaler.plan.Observed;
import dev.ebb.autoscaler.plan.Release;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a workload back: awake, reachable without the gateway, as it was. One step a call, each
 * found anew from live objects, so that whoever crashes or comes second goes on where the objects
 * are. Blocks. Thread-safe.
 */
public final class Releaser {

  private static final Logger log = LoggerFactory.getLogger(Releaser.class);

  /** How far a release is. */
  public sealed interface Progress {
    /** Something was done or is waited for; look again soon. */
    record Going(String what) implements Progress {}

    /** Nothing of Ebb is left but the resource itself; false when the workload is not ready. */
    record Finished(boolean ready) implements Progress {}
  }

  private final Observer observer;
  private final ResourceWriter writer;
  private final ResourceScalers scalers;
  private final EventRecorder events;

  /** Creates a releaser. */
  public Releaser(
      Observer observer, ResourceWriter writer, ResourceScalers scalers, EventRecorder events) {
    this.observer = observer;
    this.writer = writer;
    this.scalers = scalers;
    this.events = events;
  }

  /**
   * Does the next step.
   *
   * @param until when waiting for readiness ends
   */
  public Progress step(ScaledResource resource, Instant until) {
    Optional<Observed> live = observer.read(resource);
    if (live.isEmpty()) {
      return new Progress.Finished(true);
    }
    Observed observed = live.get();
    return switch (Release.next(observed, until)) {
      case Release.Next.Wake(ScaleTarget target, int replicas) ->
          wake(observed, target, replicas, !observed.now().isBefore(until));
      case Release.Next.Wait(String what) -> new Progress.Going("waits for " + what);
      case Release.Next.RemoveKeys remove -> {
        removeKeys(observed.resource(), remove.services());
        yield new Progress.Going("led " + remove.services().size() + " Services past the gateway");
      }
      case Release.Next.Finish(boolean ready) -> {
        finish(observed.resource());
        yield new Progress.Finished(ready);
      }
    };
  }

  private ScaledResource removeKeys(ScaledResource resource, List<Service> services) {
    // The marks go first: a mark without its key would look like somebody else's removal.
    ScaledResource unmarked = writer.annotate(resource, KeyMarks.ANNOTATION, "");
    services.forEach(writer::removeKey);
    return unmarked;
  }

  /** Wakes; what cannot be woken is let go of at zero when the time is over. */
  private Progress wake(Observed observed, ScaleTarget target, int replicas, boolean late) {
    ScaledResource resource = observed.resource();
    try {
      scalers
          .of(target)
          .setScale(new ScaleRequest(target, replicas, null, "Ebb lets go of it"))
          .join();
    } catch (CompletionException e) {
      if (!late || !(e.getCause() instanceof ScalerException refused) || refused.retryable()) {
        throw e;
      }
      log.warn("{} stays at zero: {}", resource.key(), refused.getMessage());
      finish(removeKeys(resource, Release.keyed(observed)));
      return new Progress.Finished(false);
    }
    events.normal(
        EventRecorder.Subject.of(ScaledResource.TYPE, resource),
        "Released",
        "Ebb lets go of " + target + " and wakes it: replicas 0 -> " + replicas);
    return new Progress.Going("woke " + target);
  }

  private void finish(ScaledResource resource) {
    ScaledResource now = writer.withdraw(resource);
    now = writer.annotate(now, ScaledResource.REMEMBERED_REPLICAS, "");
    writer.removeFinalizer(now);
    log.info("{} is released", resource.key());
  }
}
