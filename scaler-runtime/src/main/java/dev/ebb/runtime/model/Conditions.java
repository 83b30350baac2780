package dev.ebb.runtime.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects the conditions of a status as Kubernetes wants them: each says which generation it was
 * judged on, its time changes only with its status, and its message has at most {@value
 * #LONGEST_MESSAGE} characters. Not thread-safe.
 */
public final class Conditions {

  private static final int LONGEST_MESSAGE = 1024;

  private final List<Condition> before;
  private final long generation;
  private final Instant now;
  private final List<Condition> result = new ArrayList<>();

  /**
   * Begins to collect.
   *
   * @param before the conditions as they are; null for none
   * @param generation the generation that is judged
   * @param now the time
   */
  public Conditions(@Nullable List<Condition> before, long generation, Instant now) {
    this.before = before == null ? List.of() : before;
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Sets a condition that holds or does not. */
  public Conditions set(String type, boolean status, String reason, String message) {
    return set(type, status ? "True" : "False", reason, message);
  }

  /** Sets a condition whose status may be {@code Unknown}. */
  public Conditions set(String type, String status, String reason, String message) {
    Instant since =
        before(type)
            .filter(c -> c.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElse(now);
    String text =
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message;
    result.add(new Condition(type, status, reason, text, generation, since));
    return this;
  }

  private Optional<Condition> before(String type) {
    return before.stream().filter(c -> c.type().equals(type)).findFirst();
  }

  /** Returns what was set, in this order. */
  public List<Condition> list() {
    return List.copyOf(result);
  }
}
