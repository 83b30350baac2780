package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.PodTemplate;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.nodes.PoolReference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A buffer with everything that it does not say filled in, wherever it comes from: a NodeBuffer, or
 * kubescaler's configuration.
 *
 * @param key its namespace and name
 * @param uid empty when it is no object
 * @param created when; of two that want the same nodes the older one has them
 * @param belonging which nodes and pods
 * @param pool the cloud's pool
 * @param rules what it asks for; null when that makes no sense
 * @param mode what may be done
 * @param pause its end, when it is paused for a time
 * @param findings what is wrong with it
 */
public record Buffer(
    ResourceKey key,
    String uid,
    Instant created,
    Belonging belonging,
    PoolReference pool,
    @Nullable Rules rules,
    Mode mode,
    Optional<Pause> pause,
    List<Finding> findings) {

  /** Copies the list. */
  public Buffer {
    findings = List.copyOf(findings);
  }

  /**
   * Reads a NodeBuffer.
   *
   * @param template the PodTemplate that it names; null when there is none
   */
  public static Buffer of(NodeBuffer buffer, @Nullable PodTemplate template) {
    return new BufferReader(buffer, template).read();
  }

  /** Returns the name in annotations of nodes. */
  public static String name(ResourceKey key) {
    return key.toString();
  }

  /** Returns whether nothing can be done before it is mended. */
  public boolean invalid() {
    return rules == null || findings.stream().anyMatch(Finding::fatal);
  }

  /** Returns whether it may change anything, now or once it is not paused or frozen any more. */
  boolean acts() {
    return mode != Mode.Observe && !invalid();
  }
}
