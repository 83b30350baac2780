package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.PodOwners;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ScaleTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How Ebb leaves a workload: awake, reachable without the gateway, as it was. One step at a time,
 * each found anew from the objects. Stateless.
 */
public final class Release {

  /** After so long a workload is released even if it does not become ready. */
  public static final Duration LONGEST = Duration.ofMinutes(4);

  /**
   * Says that Ebb is being uninstalled, and which installation: its value is the UID of the
   * gateway's Service, which a new installation does not have.
   */
  public static final String UNINSTALLING = Ebb.key("uninstalling");

  private Release() {}

  /** What to do next. */
  public sealed interface Next {
    /** Wake the workload. */
    record Wake(ScaleTarget target, int replicas) implements Next {}

    /** Wait for something. */
    record Wait(String what) implements Next {}

    /** Remove Ebb's key from these Services. */
    record RemoveKeys(List<Service> services) implements Next {}

    /** Nothing is left to undo. */
    record Finish(boolean ready) implements Next {}
  }

  /**
   * Decides.
   *
   * @param observed read live; its slices are those of the endpointslice-controller
   * @param until when waiting ends
   */
  public static Next next(Observed observed, Instant until) {
    boolean late = !observed.now().isBefore(until);
    List<Service> ours = ours(observed);
    List<Service> keyed = keyed(observed);
    ScaleTarget target = observed.resource().target();
    boolean ready = !(observed.target() instanceof TargetView.Unreadable);
    if (!ready && !late) {
      return new Next.Wait("the target to be readable");
    }
    if (target != null
        && observed.target() instanceof TargetView.Found found
        && !claimed(observed, target)) {
      if (found.scale().desired() == 0 && States.zeroByEbb(observed, found.scale())) {
        return new Next.Wake(target, Planner.wakeCount(observed, target));
      }
      ready = found.scale().desired() == 0 || reachable(observed, target, found);
      if (!ready && !keyed.isEmpty() && !late) {
        return new Next.Wait("a pod of " + target + " to be ready");
      }
    }
    if (!keyed.isEmpty()) {
      return new Next.RemoveKeys(keyed);
    }
    return ready && !late ? published(observed, ours) : new Next.Finish(ready);
  }

  /** Returns the Services that carry Ebb's key because of this resource alone. */
  public static List<Service> keyed(Observed observed) {
    return ours(observed).stream()
        .filter(Service::behindGateway)
        .filter(s -> !Handover.claimedByOther(s, observed))
        .toList();
  }

  private static Next published(Observed observed, List<Service> ours) {
    for (Service service : ours) {
      boolean pods =
          observed.pods().stream()
              .filter(Pod::ready)
              .anyMatch(p -> service.selects(p.metadata().labels()));
      boolean published =
          observed.slices().stream()
              .filter(s -> s.serviceName().equals(service.metadata().name()) && !s.ofGateway())
              .anyMatch(s -> s.endpoints().stream().anyMatch(EndpointSlice.Endpoint::ready));
      if (pods && !published && !service.behindGateway()) {
        return new Next.Wait("Service " + service.metadata().name() + " to publish its pods");
      }
    }
    return new Next.Finish(true);
  }

  private static boolean reachable(Observed observed, ScaleTarget target, TargetView.Found found) {
    return observed.pods().stream()
        .anyMatch(p -> p.ready() && PodOwners.owns(target, found.scale().selector(), p));
  }

  /** Another resource goes on with the same target. */
  private static boolean claimed(Observed observed, ScaleTarget target) {
    return observed.others().stream()
        .anyMatch(o ->
            !o.metadata().deleting()
                && target.equals(o.target())
                && o.metadata().finalizers().contains(ScaledResource.FINALIZER));
  }

  private static List<Service> ours(Observed observed) {
    Set<String> names = new TreeSet<>(KeyMarks.of(observed.resource()).byService().keySet());
    observed.resource().mappedServices().stream().map(MappedService::name).forEach(names::add);
    return observed.services().stream().filter(s -> names.contains(s.metadata().name())).toList();
  }
}
