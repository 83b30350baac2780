package dev.ebb.runtime.freeze;

import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.WriteGate;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Holds every write of a service to the freeze, so that no controller can forget it: what is frozen
 * gets its status, Events, Leases and reviews, and may be scaled up from zero; everything else is
 * refused. Thread-safe.
 */
public final class FreezeGate implements WriteGate {

  /** The HTTP status of what is refused: Locked. */
  public static final int FROZEN = 423;

  private static final Set<String> REVIEWS =
      Set.of("authentication.k8s.io", "authorization.k8s.io");
  private static final Set<String> REPORTS = Set.of("events", "leases");

  private final Supplier<Freezes> freezes;

  /**
   * Creates the gate.
   *
   * @param freezes is asked for with the first write: the switch is watched through the same client
   */
  public FreezeGate(Supplier<Freezes> freezes) {
    this.freezes = freezes;
  }

  @Override
  public void check(Write write, Function<String, JsonNode> live) {
    ApiPath path = ApiPath.of(write.path());
    if (reports(path)) {
      return;
    }
    freezes
        .get()
        .of(path.namespace())
        .filter(freeze -> !wakes(write, path, live))
        .ifPresent(freeze -> {
          throw new KubeException(
              FROZEN,
              "Frozen",
              write.method() + " " + write.path() + " is not sent: " + freeze.message());
        });
  }

  private static boolean reports(ApiPath path) {
    return REVIEWS.contains(path.group())
        || REPORTS.contains(path.plural())
        || path.subresource().equals("status");
  }

  private static boolean wakes(Write write, ApiPath path, Function<String, JsonNode> live) {
    return path.subresource().equals("scale")
        && write.body() instanceof JsonNode body
        && replicas(body) > 0
        && replicas(live.apply(write.path())) == 0;
  }

  private static int replicas(JsonNode scale) {
    return scale.path("spec").path("replicas").asInt(0);
  }
}
