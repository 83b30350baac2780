package dev.ebb.timescaler.admin;

import dev.ebb.runtime.admin.Audit;
import dev.ebb.runtime.admin.Caller;
import dev.ebb.runtime.admin.Done;
import dev.ebb.runtime.admin.PauseRequest;
import dev.ebb.runtime.admin.Problems;
import dev.ebb.runtime.admin.Verbs;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.apply.ScheduleWriter;
import dev.ebb.timescaler.plan.SchedulePlanner;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What a user may ask of a ScalingSchedule. Each verb writes the object that the loop then acts on,
 * so it does not matter which replica is asked. Every change is audited. Blocks. Thread-safe.
 */
public final class ScalingScheduleVerbs {

  private final KubeClient client;
  private final ScheduleWriter writer;
  private final Audit audit;
  private final InstantSource clock;

  /**
   * Creates the verbs.
   *
   * @param writer writes without leading, and while Ebb is frozen: a user asks for it
   */
  public ScalingScheduleVerbs(
      KubeClient client, ScheduleWriter writer, Audit audit, InstantSource clock) {
    this.client = client;
    this.writer = writer;
    this.audit = audit;
    this.clock = clock;
  }

  /** Leaves the target as it is, for a time or until it is resumed. */
  public Done pause(ResourceKey key, PauseRequest request, Caller caller) {
    Instant until = request.until(clock.instant());
    return again(
        key,
        schedule -> {
          boolean paused = SchedulePlanner.mode(schedule) == Mode.Paused;
          if (paused && until == null && Pause.of(schedule.metadata()).isEmpty()) {
            return Done.already("pause", "it is paused until it is resumed");
          }
          writer.pause(schedule, until);
          return changed(
              "pause",
              schedule,
              caller,
              "paused until " + (until == null ? "it is resumed" : until));
        });
  }

  /** Ends a pause. */
  public Done resume(ResourceKey key, Caller caller) {
    return again(
        key,
        schedule -> {
          Mode mode = SchedulePlanner.mode(schedule);
          if (mode != Mode.Paused) {
            return Done.already("resume", "it is not paused: it is on " + mode);
          }
          writer.resume(schedule);
          return changed(
              "resume", schedule, caller, "it is on " + Pause.before(schedule.metadata()));
        });
  }

  private Done changed(String verb, ScalingSchedule schedule, Caller caller, String what) {
    audit.record(Subject.of(ScalingSchedule.TYPE, schedule), verb, caller, what);
    return Done.changed(verb, what);
  }

  static RuntimeException none(ResourceKey key) {
    return Problems.notFound(
        "there is no ScalingSchedule %s ; kubectl get ssched -A lists all".formatted(key));
  }

  private Done again(ResourceKey key, Function<ScalingSchedule, Done> change) {
    return Verbs.onCurrent(
        () -> client.find(ScalingSchedule.TYPE, key).orElseThrow(() -> none(key)), change);
  }
}
