package dev.ebb.timescaler.apply;

import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ScalingSchedule.Status;
import dev.ebb.timescaler.api.Steerable;
import dev.ebb.timescaler.plan.ResourceStep;
import dev.ebb.timescaler.plan.Saved;
import dev.ebb.timescaler.plan.SchedulePlanner;
import dev.ebb.timescaler.plan.ScheduleStatuses;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every write to ScalingSchedules and to the ScaledResources that they steer: only on top of what
 * was read, and none when nothing differs. Blocks. Thread-safe.
 */
public final class ScheduleWriter implements PauseVerbs.Writer<ScalingSchedule> {

  private static final List<String> STATUS_FIELDS =
      List.of(
          "observedGeneration",
          "target",
          "targets",
          "activeWindow",
          "nextTransition",
          "lastAction");
  private static final List<String> EFFECTIVE_FIELDS =
      List.of(
          "minReplicas",
          "maxReplicas",
          "targetCPUUtilization",
          "targetMemoryUtilization",
          "hibernate");

  /** Asks the autoscaler to let it sleep now. */
  private static final String SLEEP_ASKED = Ebb.key("sleep-asked");

  private final ObjectWriter writes;

  /** Creates a writer. */
  public ScheduleWriter(ObjectWriter writes) {
    this.writes = writes;
  }

  /** Writes a status if it says anything new. */
  public void status(ScalingSchedule schedule, Status status) {
    if (ScheduleStatuses.same(schedule.status(), status)) {
      return;
    }
    ObjectNode patch = writes.node();
    ObjectNode body = (ObjectNode) writes.json(status);
    STATUS_FIELDS.stream().filter(field -> !body.has(field)).forEach(body::putNull);
    if (body.path("effective") instanceof ObjectNode effective) {
      EFFECTIVE_FIELDS.stream().filter(field -> !effective.has(field)).forEach(effective::putNull);
    } else {
      body.putNull("effective");
    }
    patch.set("status", body);
    writes.patch(ScalingSchedule.TYPE, schedule.metadata(), "status", patch);
  }

  /** Changes the bounds of a ScaledResource. */
  public ScaledResource change(ResourceStep step, String by) {
    ObjectNode patch = writes.node();
    ObjectNode notes = writes.node();
    Saved save = step.save();
    if (save != null) {
      notes.put(Saved.BOUNDS, save.text());
    }
    boolean noted = step.resource().metadata().annotations().containsKey(Steerable.HIBERNATED);
    if (noted != step.hibernate()) {
      notes.put(Steerable.HIBERNATED, step.hibernate() ? by : null);
    }
    if (step.sleep() != null) {
      notes.put(SLEEP_ASKED, step.sleep().truncatedTo(ChronoUnit.MILLIS).toString());
    }
    if (!notes.isEmpty()) {
      patch.putObject("metadata").set("annotations", notes);
    }
    bounds(patch, step.min(), step.max());
    return writes.patch(ScaledResource.TYPE, step.resource().metadata(), null, patch);
  }

  /** Gives a ScaledResource back what it said before; what cannot be read stays as it is. */
  public void restore(ScaledResource resource) {
    ObjectNode patch = writes.node();
    ObjectNode notes = patch.putObject("metadata").putObject("annotations");
    notes.putNull(Saved.BOUNDS).putNull(Steerable.HIBERNATED);
    Saved.in(resource).ifPresent(saved -> bounds(patch, saved.min(), saved.max()));
    writes.patch(ScaledResource.TYPE, resource.metadata(), null, patch);
  }

  private static void bounds(ObjectNode patch, @Nullable Integer min, @Nullable Integer max) {
    patch.putObject("spec").putObject("replicas").put("min", min).put("max", max);
  }

  @Override
  public Mode mode(ScalingSchedule schedule) {
    return SchedulePlanner.mode(schedule);
  }

  /**
   * Pauses.
   *
   * @param until when it ends by itself; null for never
   */
  @Override
  public void pause(ScalingSchedule schedule, @Nullable Instant until) {
    ObjectNode patch = writes.node();
    Pause.begin(patch, SchedulePlanner.mode(schedule), until);
    writes.patch(ScalingSchedule.TYPE, schedule.metadata(), null, patch);
  }

  /** Ends a pause. */
  @Override
  public void resume(ScalingSchedule schedule) {
    ObjectNode patch = writes.node();
    Pause.end(patch, Pause.before(schedule.metadata()));
    writes.patch(ScalingSchedule.TYPE, schedule.metadata(), null, patch);
  }
}
