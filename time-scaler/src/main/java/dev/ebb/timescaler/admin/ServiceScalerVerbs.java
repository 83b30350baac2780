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
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.apply.ScalerWriter;
import dev.ebb.timescaler.plan.Steering;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What a user may ask of a ServiceScaler. Each verb writes the object that the loop then acts on,
 * so it does not matter which replica is asked. Every change is audited. Blocks. Thread-safe.
 */
public final class ServiceScalerVerbs {

  private final KubeClient client;
  private final ScalerWriter writer;
  private final Audit audit;
  private final InstantSource clock;

  /**
   * Creates the verbs.
   *
   * @param writer writes without leading, and while Ebb is frozen: a user asks for it
   */
  public ServiceScalerVerbs(
      KubeClient client, ScalerWriter writer, Audit audit, InstantSource clock) {
    this.client = client;
    this.writer = writer;
    this.audit = audit;
    this.clock = clock;
  }

  /** Leaves the HPA as it is, for a time or until it is resumed. */
  public Done pause(ResourceKey key, PauseRequest request, Caller caller) {
    Instant until = request.until(clock.instant());
    return again(
        key,
        scaler -> {
          boolean paused = Steering.of(scaler.metadata()).mode() == Mode.Paused;
          if (paused && until == null && Pause.of(scaler.metadata()).isEmpty()) {
            return Done.already("pause", "it is paused until it is resumed");
          }
          writer.pause(scaler, until);
          return changed(
              "pause", scaler, caller, "paused until " + (until == null ? "it is resumed" : until));
        });
  }

  /** Ends a pause. */
  public Done resume(ResourceKey key, Caller caller) {
    return again(
        key,
        scaler -> {
          Mode mode = Steering.of(scaler.metadata()).mode();
          if (mode != Mode.Paused) {
            return Done.already("resume", "it is not paused: it is on " + mode);
          }
          writer.resume(scaler);
          return changed("resume", scaler, caller, "it is on " + Pause.before(scaler.metadata()));
        });
  }

  private Done changed(String verb, ServiceScaler scaler, Caller caller, String what) {
    audit.record(Subject.of(ServiceScaler.TYPE, scaler), verb, caller, what);
    return Done.changed(verb, what);
  }

  static RuntimeException none(ResourceKey key) {
    return Problems.notFound(
        "there is no ServiceScaler %s that is looked at; kubectl get ss -A lists all"
            .formatted(key));
  }

  private Done again(ResourceKey key, Function<ServiceScaler, Done> change) {
    return Verbs.onCurrent(
        () -> client.find(ServiceScaler.TYPE, key).orElseThrow(() -> none(key)), change);
  }
}
