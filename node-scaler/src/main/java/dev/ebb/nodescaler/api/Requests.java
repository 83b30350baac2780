package dev.ebb.nodescaler.api;

import dev.ebb.nodescaler.api.ServerPod.Amounts;
import dev.ebb.nodescaler.api.ServerPod.Container;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler reserves for a pod: its containers with the sidecars, or the hungriest init
 * container with the sidecars that run already, whichever is more; what the pod as a whole asks for
 * instead, where it does; and what its runtime takes on top. Stateless.
 */
final class Requests {

  private Requests() {}

  static Resources of(ServerPod.Decoded spec) {
    Resources running = Resources.NONE;
    for (Container container : list(spec.containers())) {
      running = running.plus(of(container));
    }
    Resources sidecars = Resources.NONE;
    Resources starting = Resources.NONE;
    for (Container init : list(spec.initContainers())) {
      if ("Always".equals(init.restartPolicy())) {
        sidecars = sidecars.plus(of(init));
        starting = starting.max(sidecars);
      } else {
        starting = starting.max(sidecars.plus(of(init)));
      }
    }
    Resources containers = running.plus(sidecars).max(starting);
    Resources pod = spec.resources() == null ? null : requested(spec.resources());
    Resources asked = pod == null ? containers : pod.orElse(containers);
    return spec.overhead() == null ? asked : asked.plus(spec.overhead());
  }

  private static Resources of(Container container) {
    return container.resources() == null ? Resources.NONE : requested(container.resources());
  }

  /** What is limited and not asked for is asked for, as the API server fills it in. */
  private static Resources requested(Amounts amounts) {
    Resources requests = amounts.requests() == null ? Resources.NONE : amounts.requests();
    return amounts.limits() == null ? requests : requests.orElse(amounts.limits());
  }

  private static List<Container> list(@Nullable List<Container> containers) {
    return containers == null ? List.of() : containers;
  }
}
