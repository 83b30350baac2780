package dev.ebb.timeplan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    return moment(at).values();
  }

  /** What rules and what is said at an instant. */
  private record Moment(@Nullable Window window, Values values) {}

  private Moment moment(Instant at) {
    Window last = null;
    Values values = baseline;
    for (Window window : windows) {
      if (window.when().contains(at)) {
        last = window;
        values = window.values().over(values);
      }
    }
    return new Moment(last, values.ordered());
  }

  /** Returns what is in force at an instant. The maximum is never less than the minimum. */
  public Values inForce(Instant at) {
    Values scheduled = scheduled(at);
    if (ramp.steps() == 1) {
      return scheduled;
    }
    List<Step> near = new ArrayList<>();
    for (Instant boundary : boundaries(at).near()) {
      near.add(new Step(boundary, scheduled(boundary.minus(JUST_BEFORE)), scheduled(boundary)));
    }
    return near.isEmpty()
        ? scheduled
        : scheduled
            .with(
                ramped(scheduled, Values::min, near, at), ramped(scheduled, Values::max, near, at))
            .ordered();
  }

  /** What a boundary changes. */
  private record Step(Instant boundary, Values before, Values after) {}

  /**
   * Returns a count with its ramps. Each boundary nearby adds the part of its difference that is
   * there already, or still; what several add is counted once.
   */
  private @Nullable Integer ramped(
      Values scheduled, Function<Values, @Nullable Integer> field, List<Step> near, Instant at) {
    Integer value = field.apply(scheduled);
    if (value == null) {
      return null;
    }
    Levels levels = new Levels(value);
    for (Step step : near) {
      Integer before = field.apply(step.before());
      Integer after = field.apply(step.after());
      if (before != null && after != null && !before.equals(after)) {
        // Up: counts on its way to the boundary. Down: from the boundary on.
        boolean ahead = step.boundary().isAfter(at);
        if (ahead == after > before) {
          int low = Math.min(before, after);
          levels.add(low, low + ramp.share(step.boundary(), Math.abs(after - before), at));
        }
      }
    }
    return levels.count();
  }

  /**
   * The instants at which any window opens or closes.
   *
   * @param near those that are no farther from an instant than a ramp is long
   * @param beyond the first one after them; null when there is none
   */
  private record Boundaries(SortedSet<Instant> near, @Nullable Instant beyond) {}

  private Boundaries boundaries(Instant around) {
    Duration length = ramp.length();
    Instant after = around.minus(length);
    Instant upTo = around.plus(length);
    SortedSet<Instant> near = new TreeSet<>();
    Instant beyond = null;
    for (Window window : windows) {
      Instant next = window.when().next(after);
      while (next != null && !next.isAfter(upTo)) {
        near.add(next);
        next = window.when().next(next);
      }
      beyond = earlier(beyond, next);
    }
    return new Boundaries(near, beyond);
  }

  /** Returns the next instant at which a window opens or closes; null when there is none. */
  private @Nullable Instant boundary(Instant after) {
    Instant first = null;
    for (Window window : windows) {
      first = earlier(first, window.when().next(after));
    }
    return first;
  }

  private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    return a == null || b != null && b.isBefore(a) ? b : a;
  }

  /**
   * Returns the next instant at which what is in force may change, by a boundary or a step of a
   * ramp; empty when it stays so for ever.
   */
  public Optional<Instant> nextChange(Instant after) {
    if (ramp.steps() == 1) {
      return Optional.ofNullable(boundary(after));
    }
    Boundaries boundaries = boundaries(after);
    Instant beyond = boundaries.beyond();
    Instant first = beyond == null ? null : ramp.next(beyond, after);
    for (Instant boundary : boundaries.near()) {
      first = earlier(first, ramp.next(boundary, after));
    }
    return Optional.ofNullable(first);
  }

  /** Returns the next instant at which another window rules or the schedule says another thing. */
  public Optional<Transition> nextTransition(Instant after) {
    Moment now = moment(after);
    Instant at = boundary(after);
    for (int i = 0; at != null && i < LOOKED_THROUGH; i++) {
      Moment then = moment(at);
      if (then.window() != now.window() || !then.values().equals(now.values())) {
        return Optional.of(new Transition(at, Optional.ofNullable(then.window()), then.values()));
      }
      at = boundary(at);
    }
    return Optional.empty();
  }
}
