package dev.ebb.nodescaler.apply;

import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.NodeBuffer.Status;
import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Every write to NodeBuffers, only on top of what was read. Blocks. Thread-safe. */
public final class BufferWriter implements PauseVerbs.Writer<NodeBuffer> {

  /** What a status that says nothing of its pool must not keep. */
  private static final List<String> COUNTS =
      List.of(
          "free",
          "desired",
          "starting",
          "upcoming",
          "pending",
          "used",
          "nodes",
          "draining",
          "size");

  private final ObjectWriter writes;

  /** Creates a writer. */
  public BufferWriter(ObjectWriter writes) {
    this.writes = writes;
  }

  /** Writes a status. */
  public void status(NodeBuffer buffer, Status status) {
    ObjectNode body = (ObjectNode) writes.json(status);
    for (String count : COUNTS) {
      if (!body.has(count)) {
        body.putNull(count);
      }
    }
    ObjectNode patch = writes.node();
    patch.set("status", body);
    writes.patch(NodeBuffer.TYPE, buffer.metadata(), "status", patch);
  }

  @Override
  public Mode mode(NodeBuffer buffer) {
    Mode mode = buffer.spec().mode();
    return mode == null ? Mode.Enforce : mode;
  }

  /**
   * Pauses.
   *
   * @param until when it ends by itself; null for never
   */
  @Override
  public void pause(NodeBuffer buffer, @Nullable Instant until) {
    ObjectNode patch = writes.node();
    Pause.begin(patch, buffer.spec().mode(), until);
    writes.patch(NodeBuffer.TYPE, buffer.metadata(), null, patch);
  }

  /** Ends a pause. */
  @Override
  public void resume(NodeBuffer buffer) {
    ObjectNode patch = writes.node();
    Pause.end(patch, Pause.before(buffer.metadata()));
    writes.patch(NodeBuffer.TYPE, buffer.metadata(), null, patch);
  }
}
