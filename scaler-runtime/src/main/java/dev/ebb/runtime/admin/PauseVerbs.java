package dev.ebb.runtime.admin;

import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.scaler.ResourceKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pause and resume, for a kind whose objects the loop then acts on, so that it does not matter
 * which replica is asked. Every change is audited. Blocks. Thread-safe.
 *
 * @param <T> the kind
 */
public final class PauseVerbs<T extends KubeObject> {

  /**
   * What is written to an object. It writes without leading, and while Ebb is frozen: a user asks
   * for it.
   *
   * @param <T> the kind
   */
  public interface Writer<T> {
    /** Returns what the object is on. */
    Mode mode(T object);

    /**
     * Pauses.
     *
     * @param until when that ends; null for never
     */
    void pause(T object, @Nullable Instant until);

    /** Goes back to what the object was on before. */
    void resume(T object);
  }

  private final ResourceType<T> type;
  private final KubeClient client;
  private final Writer<T> writer;
  private final Function<ResourceKey, RuntimeException> none;
  private final Audit audit;
  private final InstantSource clock;

  /**
   * Creates the verbs.
   *
   * @param none what is thrown when there is no such object
   */
  public PauseVerbs(
      ResourceType<T> type,
      KubeClient client,
      Writer<T> writer,
      Function<ResourceKey, RuntimeException> none,
      Audit audit,
      InstantSource clock) {
    this.type = type;
    this.client = client;
    this.writer = writer;
    this.none = none;
    this.audit = audit;
    this.clock = clock;
  }

  /** Leaves everything as it is, for a time or until it is resumed. */
  public Done pause(ResourceKey key, PauseRequest request, Caller caller) {
    Instant until = request.until(clock.instant());
    return onCurrent(
        key,
        object -> {
          boolean paused = writer.mode(object) == Mode.Paused;
          if (paused && until == null && Pause.of(object.metadata()).isEmpty()) {
            return Done.already("pause", "it is paused until it is resumed");
          }
          writer.pause(object, until);
          return changed(
              "pause", object, caller, "paused until " + (until == null ? "it is resumed" : until));
        });
  }

  /** Ends a pause. */
  public Done resume(ResourceKey key, Caller caller) {
    return onCurrent(
        key,
        object -> {
          Mode mode = writer.mode(object);
          if (mode != Mode.Paused) {
            return Done.already("resume", "it is not paused: it is on " + mode);
          }
          writer.resume(object);
          return changed("resume", object, caller, "it is on " + Pause.before(object.metadata()));
        });
  }

  private Done changed(String verb, T object, Caller caller, String what) {
    audit.record(Subject.of(type, object), verb, caller, what);
    return Done.changed(verb, what);
  }

  private Done onCurrent(ResourceKey key, Function<T, Done> change) {
    return Verbs.onCurrent(() -> client.find(type, key).orElseThrow(() -> none.apply(key)), change);
  }
}
