package dev.ebb.timescaler.apply;

import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.Status;
import dev.ebb.timescaler.plan.Statuses;
import dev.ebb.timescaler.plan.Steering;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every write to ServiceScalers: only on top of what was read, and none when nothing differs.
 * Blocks. Thread-safe.
 */
public final class ScalerWriter implements PauseVerbs.Writer<ServiceScaler> {

  private static final List<String> STATUS_FIELDS =
      List.of(
          "timeRangeMatch",
          "lastObservedGeneration",
          "lastUpdatedTime",
          "lastAction",
          "activeWindow",
          "nextTransition");
  private static final List<String> CONFIG_FIELDS =
      List.of("minReplicas", "maxReplicas", "targetCPUUtilization", "targetMemoryUtilization");

  private final ObjectWriter writes;

  /** Creates a writer. */
  public ScalerWriter(ObjectWriter writes) {
    this.writes = writes;
  }

  /** Writes a status if it says anything new. */
  public void status(ServiceScaler scaler, Status status) {
    if (Statuses.same(scaler.status(), status)) {
      return;
    }
    ObjectNode patch = writes.node();
    ObjectNode body = (ObjectNode) writes.json(status);
    STATUS_FIELDS.stream().filter(field -> !body.has(field)).forEach(body::putNull);
    if (body.path("lastKnownConfig") instanceof ObjectNode config) {
      CONFIG_FIELDS.stream().filter(field -> !config.has(field)).forEach(config::putNull);
    } else {
      body.putNull("lastKnownConfig");
    }
    patch.set("status", body);
    writes.patch(ServiceScaler.TYPE, scaler.metadata(), "status", patch);
  }

  /** Takes service-scaler's finalizer off by its value; others' stay whatever happens meanwhile. */
  public void dropOldFinalizer(ServiceScaler scaler) {
    writes.removeFinalizer(ServiceScaler.TYPE, scaler, ServiceScaler.OLD_FINALIZER);
  }

  @Override
  public Mode mode(ServiceScaler scaler) {
    return Steering.of(scaler.metadata()).mode();
  }

  /**
   * Pauses.
   *
   * @param until when it ends by itself; null for never
   */
  @Override
  public void pause(ServiceScaler scaler, @Nullable Instant until) {
    ObjectNode patch = writes.node();
    ObjectNode notes = patch.putObject("metadata").putObject("annotations");
    notes.put(Steering.ANNOTATION, Mode.Paused.name());
    Pause.note(notes, Steering.of(scaler.metadata()).mode(), until);
    writes.patch(ServiceScaler.TYPE, scaler.metadata(), null, patch);
  }

  /** Ends a pause. */
  @Override
  public void resume(ServiceScaler scaler) {
    Mode mode = Pause.before(scaler.metadata());
    ObjectNode patch = writes.node();
    patch
        .putObject("metadata")
        .putObject("annotations")
        .put(Steering.ANNOTATION, mode == Mode.Enforce ? null : mode.name())
        .putNull(Pause.UNTIL)
        .putNull(Pause.BEFORE);
    writes.patch(ServiceScaler.TYPE, scaler.metadata(), null, patch);
  }
}
