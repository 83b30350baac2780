package dev.ebb.gateway.route;

import dev.ebb.runtime.model.IntOrString;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.PodOwners;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ScaleTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whom the gateway may dial. Only what the Pod informer shows: a pod in the Service's
 * namespace that the Service's effective selector takes, owned by the target, not on the host's
 * network. Never an address from a slice (the confused deputy of CVE-2021-25740). Stateless.
 */
public final class Backends {

  private Backends() {}

  /**
   * Tells whether a pod belongs to a Service and its target.
   *
   * @param scaleSelector the target's own pod selector where its kind is not built in; null refuses
   *     pods of such kinds
   */
  public static boolean belongs(
      Pod pod, Service service, ScaleTarget target, @Nullable String scaleSelector) {
    return pod.metadata().namespace().equals(service.metadata().namespace())
        && !pod.spec().hostNetwork()
        && !pod.finished()
        && service.selects(pod.metadata().labels())
        && PodOwners.owns(target, scaleSelector, pod);
  }

  /**
   * Lists the ports to dial, in a stable order.
   *
   * @param pods the pods that belong
   * @param usable says of a pod whether it may get traffic now
   */
  public static List<Backend> of(
      List<Pod> pods, IntOrString port, java.util.function.Predicate<Pod> usable) {
    List<Backend> backends = new ArrayList<>();
    for (Pod pod : pods) {
      Integer number = pod.resolvePort(port);
      if (number == null || pod.status().podIPs().isEmpty() || !usable.test(pod)) {
        continue;
      }
      backends.add(
          new Backend(
              pod.metadata().uid(),
              pod.metadata().name(),
              pod.status().podIPs().getFirst().ip(),
              number));
    }
    backends.sort(Comparator.comparing(Backend::pod));
    return backends;
  }

  /** Returns the backends without those already tried; possibly none. */
  public static List<Backend> without(List<Backend> backends, Set<Backend> tried) {
    return tried.isEmpty() ? backends : backends.stream().filter(b -> !tried.contains(b)).toList();
  }
}
