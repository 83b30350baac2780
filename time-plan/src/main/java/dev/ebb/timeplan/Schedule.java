package dev.ebb.timeplan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values that follow the clock: a baseline, windows above it, and ramps between them. Everything
 * here is a pure function of the instant: whoever asks at the same time gets the same answer,
 * however often anybody asked before.
 *
 * @param baseline what holds outside of all windows
 * @param windows the windows by rank, the highest last: of those that are open each field is set by
 *     the last one that says something about it
 * @param ramp how replica counts change
 */
public record Schedule(Values baseline, List<Window> windows, Ramp ramp) {

  /** So many boundaries are looked through for the next one that changes anything. */
  private static final int LOOKED_THROUGH = 256;

  private static final Duration JUST_BEFORE = Duration.ofNanos(1);

  /**
   * What comes next.
   *
   * @param at when
   * @param window the window that rules from then on; empty for the baseline
   * @param values what holds from then on
   */
  public record Transition(Instant at, Optional<Window> window, Values values) {}

  /** Copies the windows. */
  public Schedule {
    windows = List.copyOf(windows);
  }

  /** Returns the open window with the highest rank. */
  public Optional<Window> window(Instant at) {
    for (int i = windows.size() - 1; i >= 0; i--) {
      if (windows.get(i).when().contains(at)) {
        return Optional.of(windows.get(i));
      }
    }
    return Optional.empty();
  }

  /** Returns what the schedule says at an instant, ramps aside. */
  public Values scheduled(Instant at) {
    Values values = baseline;
    for (Window window : windows) {
      if (window.when().contains(at)) {
        values = window.values().over(values);
      }
    }
    return values.ordered();
  }

  /** Returns what is in force at an instant. The maximum is never less than the minimum. */
  public Values inForce(Instant at) {
    Values scheduled = scheduled(at);
    SortedSet<Instant> near = boundaries(at.minus(ramp.length()), at.plus(ramp.length()));
    if (near.isEmpty() || ramp.steps() == 1) {
      return scheduled;
    }
    return scheduled
        .with(ramped(scheduled, Values::min, near, at), ramped(scheduled, Values::max, near, at))
        .ordered();
  }

  /**
   * Returns a count with its ramps. Each boundary nearby adds the part of its difference that is
   * there already, or still; what several add is counted once.
   */
  private @Nullable Integer ramped(
      Values scheduled,
      Function<Values, @Nullable Integer> field,
      SortedSet<Instant> near,
      Instant at) {
    Integer value = field.apply(scheduled);
    if (value == null) {
      return null;
    }
    Levels levels = new Levels(value);
    for (Instant boundary : near) {
      Integer before = field.apply(scheduled(boundary.minus(JUST_BEFORE)));
      Integer after = field.apply(scheduled(boundary));
      if (before != null && after != null && !before.equals(after)) {
        // Up: counts on its way to the boundary. Down: from the boundary on.
        boolean ahead = boundary.isAfter(at);
        if (ahead == after > before) {
          int low = Math.min(before, after);
          levels.add(low, low + ramp.share(boundary, Math.abs(after - before), at));
        }
      }
    }
    return levels.count();
  }

  /** Returns the instants at which any window opens or closes, after one and up to another. */
  private SortedSet<Instant> boundaries(Instant after, Instant upTo) {
    SortedSet<Instant> found = new TreeSet<>();
    for (Window window : windows) {
      Instant next = window.when().next(after);
      while (next != null && !next.isAfter(upTo)) {
        found.add(next);
        next = window.when().next(next);
      }
    }
    return found;
  }

  /** Returns the next instant at which a window opens or closes; null when there is none. */
  private @Nullable Instant boundary(Instant after) {
    return windows.stream()
        .map(window -> window.when().next(after))
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(null);
  }

  /**
   * Returns the next instant at which what is in force may change, by a boundary or a step of a
   * ramp; empty when it stays so for ever.
   */
  public Optional<Instant> nextChange(Instant after) {
    SortedSet<Instant> near = boundaries(after.minus(ramp.length()), after.plus(ramp.length()));
    Instant first = boundary(after);
    if (first != null) {
      near.add(first);
    }
    return near.stream()
        .flatMap(boundary -> ramp.next(boundary, after).stream())
        .min(Instant::compareTo);
  }

  /** Returns the next instant at which another window rules or the schedule says another thing. */
  public Optional<Transition> nextTransition(Instant after) {
    Optional<Window> window = window(after);
    Values values = scheduled(after);
    Instant at = boundary(after);
    for (int i = 0; at != null && i < LOOKED_THROUGH; i++) {
      Optional<Window> then = window(at);
      if (!then.equals(window) || !scheduled(at).equals(values)) {
        return Optional.of(new Transition(at, then, scheduled(at)));
      }
      at = boundary(at);
    }
    return Optional.empty();
  }
}
