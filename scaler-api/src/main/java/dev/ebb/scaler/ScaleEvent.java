package dev.ebb.scaler;

import java.util.Arrays;
import java.util.Optional;

/** The life-cycle events of a scaled resource, with the names that v3io/scaler's users know. */
public enum ScaleEvent {
  /** The resource was deployed or changed. */
  RESOURCE_UPDATED("resourceUpdated"),
  /** A wake was begun. */
  SCALE_FROM_ZERO_STARTED("scaleFromZeroStarted"),
  /** A wake has ended: the resource answers. */
  SCALE_FROM_ZERO_COMPLETED("scaleFromZeroCompleted"),
  /** Going to sleep was begun. */
  SCALE_TO_ZERO_STARTED("scaleToZeroStarted"),
  /** The resource is asleep. */
  SCALE_TO_ZERO_COMPLETED("scaleToZeroCompleted");

  private final String text;

  ScaleEvent(String text) {
    this.text = text;
  }

  /** Returns the name on the wire. */
  public String text() {
    return text;
  }

  /**
   * Finds an event by its wire name.
   *
   * @param text the name; anything unknown gives empty, which callers treat as "keep it up"
   */
  public static Optional<ScaleEvent> parse(String text) {
    return Arrays.stream(values()).filter(event -> event.text.equals(text)).findFirst();
  }
}
