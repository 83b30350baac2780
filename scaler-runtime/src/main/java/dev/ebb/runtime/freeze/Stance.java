package dev.ebb.runtime.freeze;

import dev.ebb.runtime.model.ScaledResource.Mode;
import java.util.Optional;

/**
 * How a controller stands towards one object: the one question that every controller asks before it
 * decides on steps. Deciding and reporting in status and Events goes on in each of them.
 */
public enum Stance {
  /** Does what it decides. */
  ACT,
  /** Frozen: wakes what sleeps by Ebb's hand, and does nothing else. */
  WAKE,
  /** Observes: decides and reports. */
  REPORT,
  /** Paused: leaves everything as it is. */
  REST;

  /**
   * Decides. What a user set on the object itself goes before the freeze: what is paused or only
   * observed is not woken either.
   *
   * @param mode the object's mode
   * @param freeze what freezes its namespace
   */
  public static Stance of(Mode mode, Optional<Freeze> freeze) {
    return switch (mode) {
      case Enforce -> freeze.isPresent() ? WAKE : ACT;
      case Observe -> REPORT;
      case Paused -> REST;
    };
  }
}
