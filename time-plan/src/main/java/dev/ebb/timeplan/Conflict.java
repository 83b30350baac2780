package dev.ebb.timeplan;

import dev.ebb.timeplan.ScheduleReading.Ranked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two windows of the same rank that are open at the same time and want different things.
 *
 * @param at when, for the first time from now on
 * @param winner whose values hold: whose name comes first
 * @param loser whose values do not
 */
public record Conflict(Instant at, String winner, String loser) {

  private static final Duration LOOKED_AHEAD = Duration.ofDays(8);
  private static final int LOOKED_THROUGH = 128;

  /** Finds the first one within the next eight days. */
  public static Optional<Conflict> next(ScheduleReading reading, Instant now) {
    List<Ranked> windows = rivals(reading.windows());
    if (windows.isEmpty()) {
      return Optional.empty();
    }
    Walk walk = new Walk(windows, now);
    Instant end = now.plus(LOOKED_AHEAD);
    for (int i = 0; i < LOOKED_THROUGH; i++) {
      List<Conflict> found = walk.conflicts();
      if (!found.isEmpty()) {
        return Optional.of(found.getFirst());
      }
      if (!walk.advance(end)) {
        break;
      }
    }
    return Optional.empty();
  }

  /** Goes from boundary to boundary, and asks at each only the windows whose it is. */
  private static final class Walk {
    private final List<Ranked> windows;
    private final boolean[] open;
    private final @Nullable Instant[] next;
    private Instant at;

    Walk(List<Ranked> windows, Instant from) {
      this.windows = windows;
      this.open = new boolean[windows.size()];
      this.next = new Instant[windows.size()];
      this.at = from;
      for (int i = 0; i < open.length; i++) {
        look(i);
      }
    }

    private void look(int window) {
      Recurrence when = windows.get(window).window().when();
      open[window] = when.contains(at);
      next[window] = when.next(at);
    }

    /** Goes to the next boundary; false when there is none before the end. */
    boolean advance(Instant end) {
      Instant first = null;
      for (Instant one : next) {
        if (one != null && (first == null || one.isBefore(first))) {
          first = one;
        }
      }
      if (first == null || !first.isBefore(end)) {
        return false;
      }
      at = first;
      for (int i = 0; i < open.length; i++) {
        if (first.equals(next[i])) {
          look(i);
        }
      }
      return true;
    }

    List<Conflict> conflicts() {
      List<Ranked> ruling = new ArrayList<>();
      for (int i = 0; i < open.length; i++) {
        if (open[i]) {
          ruling.add(windows.get(i));
        }
      }
      return among(ruling, at);
    }
  }

  /** Returns the windows that want something else than another one of the same rank. */
  private static List<Ranked> rivals(List<Ranked> windows) {
    return windows.stream()
        .filter(one ->
            windows.stream()
                .anyMatch(other ->
                    other != one
                        && sameRank(one, other)
                        && differ(one.window().values(), other.window().values())))
        .toList();
  }

  private static boolean sameRank(Ranked a, Ranked b) {
    return a.priority() == b.priority() && a.oneOff() == b.oneOff();
  }

  /** Returns the conflicts of windows that are open, by rank. */
  private static List<Conflict> among(List<Ranked> open, Instant at) {
    List<Conflict> found = new ArrayList<>();
    for (int i = open.size() - 1; i > 0; i--) {
      for (int j = i - 1; j >= 0 && sameRank(open.get(i), open.get(j)); j--) {
        if (differ(open.get(i).window().values(), open.get(j).window().values())) {
          found.add(new Conflict(at, open.get(i).window().name(), open.get(j).window().name()));
        }
      }
    }
    return found;
  }

  /** Finds all from one instant to another, each pair once, when it happens first. */
  public static List<Conflict> within(ScheduleReading reading, Instant from, Instant to) {
    List<Ranked> windows = rivals(reading.windows());
    Map<String, Conflict> found = new LinkedHashMap<>();
    if (windows.isEmpty() || !from.isBefore(to)) {
      return List.of();
    }
    Walk walk = new Walk(windows, from);
    do {
      for (Conflict conflict : walk.conflicts()) {
        found.putIfAbsent(conflict.winner() + "\n" + conflict.loser(), conflict);
      }
    } while (walk.advance(to));
    return List.copyOf(found.values());
  }

  private static boolean differ(Values a, Values b) {
    return Values.FIELDS.stream()
        .anyMatch(field -> {
          Object one = field.apply(a);
          Object other = field.apply(b);
          return one != null && other != null && !one.equals(other);
        });
  }

  /** Says it in words. */
  public String text() {
    return "%s and %s want different things at %s: %s wins, because its name comes first; give one of them another priority"
        .formatted(winner, loser, at, winner);
  }
}
