package dev.ebb.nodescaler.admin;

import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.apply.BufferWriter;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What a user may ask of a NodeBuffer. Each verb writes the object that the loop then acts on, so
 * it does not matter which replica is asked. Every change is audited. Blocks. Thread-safe.
 */
public final class NodeBufferVerbs {

  private final KubeClient client;
  private final BufferWriter writer;
  private final Audit audit;
  private final InstantSource clock;

  /**
   * Creates the verbs.
   *
   * @param writer writes without leading, and while Ebb is frozen: a user asks for it
   */
  public NodeBufferVerbs(KubeClient client, BufferWriter writer, Audit audit, InstantSource clock) {
    this.client = client;
    this.writer = writer;
    this.audit = audit;
    this.clock = clock;
  }

  /** Leaves all nodes as they are, for a time or until it is resumed. */
  public Done pause(ResourceKey key, PauseRequest request, Caller caller) {
    Instant until = request.until(clock.instant());
    return again(
        key,
        buffer -> {
          boolean paused = buffer.spec().mode() == Mode.Paused;
          if (paused && until == null && Pause.of(buffer.metadata()).isEmpty()) {
            return Done.already("pause", "it is paused until it is resumed");
          }
          writer.pause(buffer, until);
          return changed(
              "pause", buffer, caller, "paused until " + (until == null ? "it is resumed" : until));
        });
  }

  /** Ends a pause. */
  public Done resume(ResourceKey key, Caller caller) {
    return again(
        key,
        buffer -> {
          Mode mode = buffer.spec().mode();
          if (mode != Mode.Paused) {
            return Done.already(
                "resume", "it is not paused: it is on " + (mode == null ? Mode.Enforce : mode));
          }
          writer.resume(buffer);
          return changed("resume", buffer, caller, "it is on " + Pause.before(buffer.metadata()));
        });
  }

  private Done changed(String verb, NodeBuffer buffer, Caller caller, String what) {
    audit.record(Subject.of(NodeBuffer.TYPE, buffer), verb, caller, what);
    return Done.changed(verb, what);
  }

  static RuntimeException none(ResourceKey key) {
    return Problems.notFound(
        "there is no NodeBuffer %s ; kubectl get nbuf -A lists all".formatted(key));
  }

  private Done again(ResourceKey key, Function<NodeBuffer, Done> change) {
    return Verbs.onCurrent(
        () -> client.find(NodeBuffer.TYPE, key).orElseThrow(() -> none(key)), change);
  }
}
