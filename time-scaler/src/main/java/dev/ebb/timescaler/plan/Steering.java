package dev.ebb.timescaler.plan;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.timeplan.Finding;
import java.util.Locale;
import java.util.Optional;

/**
 * What the annotation {@code ebb.dev/mode} of a ServiceScaler says; its definition, which is older
 * than Ebb, has no field for it.
 *
 * @param mode what may be done
 * @param finding when the annotation says something that is not known
 */
public record Steering(Mode mode, Optional<Finding> finding) {

  /** The annotation. */
  public static final String ANNOTATION = Ebb.key("mode");

  /** Reads it. What is not understood was meant to hold something back, so it is only observed. */
  public static Steering of(Meta metadata) {
    String text = metadata.annotations().getOrDefault(ANNOTATION, Mode.Enforce.name()).strip();
    for (Mode mode : Mode.values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
        return new Steering(mode, Optional.empty());
      }
    }
    return new Steering(
        Mode.Observe,
        Optional.of(
            new Finding(
                "metadata.annotations[" + ANNOTATION + "]",
                "\""
                    + text
                    + "\" is not known and counts as Observe; write Enforce, Observe or"
                    + " Paused",
                false)));
  }

  /** Returns the pause of a paused object, when it has an end. */
  public Optional<Pause> pause(Meta metadata) {
    return mode == Mode.Paused ? Pause.of(metadata) : Optional.empty();
  }
}
