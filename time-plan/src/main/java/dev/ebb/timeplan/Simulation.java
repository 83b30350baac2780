package dev.ebb.timeplan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule would do in a time, and what in it does nothing.
 *
 * @param timeline each instant at which what is in force changes, the beginning first
 * @param complete whether the timeline reaches to the end: it has {@value #LONGEST} entries at most
 * @param gaps the times in which no window is open
 * @param overlaps windows of the same rank that want different things at the same time
 * @param dead the windows that set nothing in that time: never open, or always outranked
 */
public record Simulation(
    List<Point> timeline,
    boolean complete,
    List<Span> gaps,
    List<Conflict> overlaps,
    List<String> dead) {

  private static final int LONGEST = 1000;

  /**
   * What is in force from an instant on.
   *
   * @param window the window that rules; null for none
   */
  public record Point(Instant at, @Nullable String window, Values values) {}

  /** A time, half-open. */
  public record Span(Instant from, Instant to) {}

  /** Copies the lists. */
  public Simulation {
    timeline = List.copyOf(timeline);
    gaps = List.copyOf(gaps);
    overlaps = List.copyOf(overlaps);
    dead = List.copyOf(dead);
  }

  /**
   * Looks at what was read from one instant to another, which does not belong to it.
   *
   * @param before what the target says where the schedule says nothing
   */
  public static Simulation of(ScheduleReading reading, Values before, Instant from, Instant to) {
    Simulation plain = of(reading.schedule(before), from, to);
    return new Simulation(
        plain.timeline(),
        plain.complete(),
        plain.gaps(),
        Conflict.within(reading, from, to),
        plain.dead());
  }

  /** Looks at a schedule from one instant to another, which does not belong to it. */
  public static Simulation of(Schedule schedule, Instant from, Instant to) {
    List<Point> timeline = new ArrayList<>();
    List<Span> gaps = new ArrayList<>();
    Set<String> alive = new HashSet<>();
    Instant gap = null;
    Instant at = from;
    while (at.isBefore(to) && timeline.size() < LONGEST) {
      String window = schedule.window(at).map(Window::name).orElse(null);
      Point point = new Point(at, window, schedule.inForce(at));
      Point last = timeline.isEmpty() ? null : timeline.getLast();
      if (last == null
          || !last.values().equals(point.values())
          || !Optional.ofNullable(last.window()).equals(Optional.ofNullable(window))) {
        timeline.add(point);
      }
      alive(schedule, at).forEach(alive::add);
      if (window == null && gap == null) {
        gap = at;
      } else if (window != null && gap != null) {
        gaps.add(new Span(gap, at));
        gap = null;
      }
      at = schedule.nextChange(at).orElse(to);
    }
    boolean complete = !at.isBefore(to);
    if (gap != null) {
      gaps.add(new Span(gap, complete ? to : at));
    }
    List<String> dead =
        schedule.windows().stream()
            .map(Window::name)
            .filter(name -> !alive.contains(name))
            .toList();
    return new Simulation(timeline, complete, gaps, List.of(), dead);
  }

  /** Returns the windows that set a field at an instant, which no window above them sets. */
  private static Stream<String> alive(Schedule schedule, Instant at) {
    List<Window> open = schedule.windows().stream().filter(w -> w.when().contains(at)).toList();
    return Values.FIELDS.stream()
        .flatMap(field ->
            open.reversed().stream()
                .filter(w -> field.apply(w.values()) != null)
                .findFirst()
                .map(Window::name)
                .stream());
  }
}
