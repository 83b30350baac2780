package dev.ebb.runtime.model;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The end of a pause, as the paused object keeps it in annotations: {@code spec.mode} says that it
 * is paused, this says until when, and what it did before.
 *
 * @param until when it ends; null when that cannot be read, so that it does not end by itself
 * @param before the mode to go back to
 */
public record Pause(@Nullable Instant until, Mode before) {

  /** The annotation with the instant. */
  public static final String UNTIL = Ebb.key("paused-until");

  /** The annotation with the mode from before; absent for Enforce. */
  public static final String BEFORE = Ebb.key("paused-mode");

  /** Reads the annotations; empty when the pause has no end. */
  public static Optional<Pause> of(Meta metadata) {
    String until = metadata.annotations().get(UNTIL);
    if (until == null) {
      return Optional.empty();
    }
    return Optional.of(new Pause(instant(until), before(metadata)));
  }

  /** Returns the mode from before a pause, with an end or without. */
  public static Mode before(Meta metadata) {
    return Mode.Observe.name().equals(metadata.annotations().get(BEFORE))
        ? Mode.Observe
        : Mode.Enforce;
  }

  /**
   * Fills a merge patch that pauses an object.
   *
   * @param before what it is on now; null for Enforce
   * @param until when the pause ends; null for never
   */
  public static void begin(ObjectNode patch, @Nullable Mode before, @Nullable Instant until) {
    patch.putObject("spec").put("mode", Mode.Paused.name());
    note(patch.putObject("metadata").putObject("annotations"), before, until);
  }

  /** Fills a merge patch that ends a pause. */
  public static void end(ObjectNode patch, Mode mode) {
    patch.putObject("spec").put("mode", mode.name());
    patch.putObject("metadata").putObject("annotations").putNull(UNTIL).putNull(BEFORE);
  }

  /**
   * Notes a pause among an object's annotations. What it was on before an earlier pause stays.
   *
   * @param before what it is on now; null for Enforce
   * @param until when the pause ends; null for never
   */
  public static void note(ObjectNode annotations, @Nullable Mode before, @Nullable Instant until) {
    annotations.put(UNTIL, until == null ? null : until.toString());
    if (before != Mode.Paused) {
      annotations.put(BEFORE, before == Mode.Observe ? before.name() : null);
    }
  }

  private static @Nullable Instant instant(String text) {
    try {
      return Instant.parse(text.strip());
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Returns whether the pause has ended. */
  public boolean over(Instant now) {
    return until != null && !now.isBefore(until);
  }
}
