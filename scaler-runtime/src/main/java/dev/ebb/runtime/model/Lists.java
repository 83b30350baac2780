package dev.ebb.runtime.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what the JSON did not hold into empty collections, once, in compact constructors. */
final class Lists {

  private Lists() {}

  static <T> List<T> of(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  static <V> Map<String, V> of(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
