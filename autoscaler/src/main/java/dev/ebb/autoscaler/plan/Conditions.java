package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Collects the conditions of a status; a condition's time changes only with its status. */
final class Conditions {

  private static final int LONGEST_MESSAGE = 1024;

  private final ScaledResource resource;
  private final Instant now;
  private final List<Condition> result = new ArrayList<>();

  Conditions(ScaledResource resource, Instant now) {
    this.resource = resource;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  Conditions set(String type, boolean status, String reason, String message) {
    return set(type, status ? "True" : "False", reason, message);
  }

  Conditions set(String type, String status, String reason, String message) {
    Optional<Condition> before = resource.status().condition(type);
    Instant since =
        before
            .filter(c -> c.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElse(now);
    String text =
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message;
    result.add(new Condition(type, status, reason, text, resource.metadata().generation(), since));
    return this;
  }

  /** Sets a condition from its problems: the gravest names the reason, all are told. */
  Conditions judged(String type, List<Problem> problems, String goodReason, String goodMessage) {
    List<Problem> own =
        problems.stream()
            .filter(p -> p.condition().equals(type))
            .sorted(java.util.Comparator.comparing(Problem::weight).reversed())
            .toList();
    if (own.isEmpty()) {
      return set(type, true, goodReason, goodMessage);
    }
    Problem gravest = own.getFirst();
    String message = own.stream().map(Problem::message).collect(Collectors.joining(". "));
    return set(type, gravest.weight() == Problem.Weight.NOTE, gravest.reason(), message);
  }

  List<Condition> list() {
    return List.copyOf(result);
  }
}
