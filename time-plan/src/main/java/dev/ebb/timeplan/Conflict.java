package dev.ebb.timeplan;

import dev.ebb.timeplan.ScheduleReading.Ranked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    Instant end = now.plus(LOOKED_AHEAD);
    Instant at = windows.isEmpty() ? null : now;
    for (int i = 0; at != null && at.isBefore(end) && i < LOOKED_THROUGH; i++) {
      Optional<Conflict> found = at(windows, at);
      if (found.isPresent()) {
        return found;
      }
      at = boundary(windows, at);
    }
    return Optional.empty();
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

  private static Optional<Conflict> at(List<Ranked> windows, Instant at) {
    List<Conflict> found = allAt(windows, at);
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
  }

  private static List<Conflict> allAt(List<Ranked> windows, Instant at) {
    List<Ranked> open =
        windows.stream().filter(ranked -> ranked.window().when().contains(at)).toList();
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
    Instant at = windows.isEmpty() ? null : from;
    while (at != null && at.isBefore(to)) {
      for (Conflict conflict : allAt(windows, at)) {
        found.putIfAbsent(conflict.winner() + "\n" + conflict.loser(), conflict);
      }
      at = boundary(windows, at);
    }
    return List.copyOf(found.values());
  }

  private static @Nullable Instant boundary(List<Ranked> windows, Instant after) {
    return windows.stream()
        .map(ranked -> ranked.window().when().next(after))
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(null);
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
