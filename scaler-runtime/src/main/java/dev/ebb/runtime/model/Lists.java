package dev.ebb.runtime.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies collections, and turns what the JSON did not hold into empty ones, in compact
 * constructors.
 */
final class Lists {

  private Lists() {}

  static <T> List<T> of(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /** Copies a list; absent stays absent, and what is null in it says nothing. */
  static <T> @Nullable List<T> kept(@Nullable List<T> list) {
    return list == null ? null : list.stream().filter(Objects::nonNull).toList();
  }

  static <V> Map<String, V> of(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
