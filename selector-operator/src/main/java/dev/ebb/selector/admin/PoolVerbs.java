package dev.ebb.selector.admin;

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
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.apply.PoolWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What a user may ask of a ServicePool. Each verb writes the object that the loop then acts on, so
 * it does not matter which replica is asked. Every change is audited. Blocks. Thread-safe.
 */
public final class PoolVerbs {

  private final KubeClient client;
  private final PoolWriter writer;
  private final Audit audit;
  private final InstantSource clock;

  /**
   * Creates the verbs.
   *
   * @param writer writes without leading, and while Ebb is frozen: a user asks for it
   */
  public PoolVerbs(KubeClient client, PoolWriter writer, Audit audit, InstantSource clock) {
    this.client = client;
    this.writer = writer;
    this.audit = audit;
    this.clock = clock;
  }

  /** Leaves all Services where they are, for a time or until it is resumed. */
  public Done pause(ResourceKey key, PauseRequest request, Caller caller) {
    Instant until = request.until(clock.instant());
    return again(
        key,
        pool -> {
          boolean paused = pool.spec().mode() == Mode.Paused;
          if (paused && until == null && Pause.of(pool.metadata()).isEmpty()) {
            return Done.already("pause", "it is paused until it is resumed");
          }
          writer.pause(pool, until);
          return changed(
              "pause", pool, caller, "paused until " + (until == null ? "it is resumed" : until));
        });
  }

  /** Ends a pause. */
  public Done resume(ResourceKey key, Caller caller) {
    return again(
        key,
        pool -> {
          Mode mode = pool.spec().mode();
          if (mode != Mode.Paused) {
            return Done.already(
                "resume", "it is not paused: it is on " + (mode == null ? Mode.Enforce : mode));
          }
          writer.resume(pool);
          return changed("resume", pool, caller, "it is on " + Pause.before(pool.metadata()));
        });
  }

  private Done changed(String verb, ServicePool pool, Caller caller, String what) {
    audit.record(Subject.of(ServicePool.TYPE, pool), verb, caller, what);
    return Done.changed(verb, what);
  }

  static RuntimeException none(ResourceKey key) {
    return Problems.notFound(
        "there is no ServicePool %s ; kubectl get svcpool -A lists all".formatted(key));
  }

  private Done again(ResourceKey key, Function<ServicePool, Done> change) {
    return Verbs.onCurrent(
        () -> client.find(ServicePool.TYPE, key).orElseThrow(() -> none(key)), change);
  }
}
