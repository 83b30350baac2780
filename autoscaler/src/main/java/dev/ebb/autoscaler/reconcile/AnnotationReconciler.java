package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.apply.ResourceWriter;
import dev.ebb.autoscaler.plan.Annotated;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the ScaledResource that the annotation {@code ebb.dev/scale-to-zero} on a workload asks
 * for: made with it, changed with it, deleted with it.
 */
public final class AnnotationReconciler implements Reconciler<WorkloadKey> {

  private static final Duration SOON = Duration.ofMillis(100);

  private final Lookout lookout;
  private final ResourceWriter writer;
  private final EventRecorder events;
  private final Freezes freezes;
  private final Map<WorkloadKey, String> told = new ConcurrentHashMap<>();

  /** Creates the reconciler. */
  public AnnotationReconciler(
      Lookout lookout, ResourceWriter writer, EventRecorder events, Freezes freezes) {
    this.lookout = lookout;
    this.writer = writer;
    this.events = events;
    this.freezes = freezes;
  }

  @Override
  public Result reconcile(WorkloadKey key) {
    Informer<Workload> workloads = lookout.workloads(key.kind());
    Workload workload = workloads == null ? null : workloads.get(key.key()).orElse(null);
    if (workload == null) {
      // Its resource goes with it: the workload owns it.
      told.remove(key);
      return Result.DONE;
    }
    if (freezes.of(key.key().namespace()).isPresent()) {
      // Looked at again when the freeze ends.
      return Result.DONE;
    }
    List<ScaledResource> present =
        lookout.scaledResources().inNamespace(key.key().namespace()).toList();
    Optional<ScaledResource> own =
        present.stream().filter(r -> Annotated.madeFor(r, workload.metadata())).findFirst();
    try {
      switch (Annotated.want(workload.metadata(), key.target(), present)) {
        case Annotated.Want.Resource(String idleAfter) -> {
          told.remove(key);
          if (own.isEmpty()) {
            writer.create(key.target(), workload.metadata(), idleAfter);
          } else if (!own.get().metadata().deleting()) {
            writer.idleAfter(own.get(), idleAfter);
          }
        }
        case Annotated.Want.Nothing nothing -> {
          told.remove(key);
          own.filter(r -> !r.metadata().deleting()).ifPresent(writer::delete);
        }
        case Annotated.Want.Invalid(String message) ->
            tell(key, workload, "InvalidAnnotation", message);
        case Annotated.Want.Explicit(String resource, String message) -> {
          tell(key, workload, "ExplicitResource", message);
          own.filter(r -> !r.metadata().deleting()).ifPresent(writer::delete);
        }
      }
      return Result.DONE;
    } catch (KubeException e) {
      if (e.conflict()) {
        // The cache is behind; what was written meanwhile shows up in it.
        return Result.after(SOON);
      }
      throw e;
    }
  }

  /** Tells the same thing once, until something else is so. */
  private void tell(WorkloadKey key, Workload workload, String reason, String message) {
    if (!message.equals(told.put(key, message))) {
      EventRecorder.Subject subject =
          new EventRecorder.Subject(
              Workload.DEPLOYMENT.apiVersion(), key.kind(), workload.metadata());
      events.warning(subject, reason, message);
    }
  }
}
