package dev.ebb.localcluster.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What happened to one workload, and when: made of the watch events of its Deployment and pods, and
 * of the request's own times. Times are microseconds since 1970.
 */
final class Timeline {

  /** A thing that happens once on the way from asleep to asleep, in its order. */
  enum Phase {
    SENT("request sent"),
    PATCHED("scale patched 0→1"),
    CREATED("pod created"),
    SCHEDULED("pod scheduled"),
    STARTED("container started"),
    READY("pod ready"),
    FIRST_BYTE("first byte"),
    ANSWERED("answered"),
    SCALED_DOWN("scale patched 1→0"),
    ASLEEP("asleep again");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    /** What users read. */
    String text() {
      return text;
    }
  }

  /**
   * One phase that was reached.
   *
   * @param phase which
   * @param micros when
   */
  record Mark(Phase phase, long micros) {}

  private final List<Mark> marks = new ArrayList<>();
  private final List<Integer> replicas = new ArrayList<>();
  private String pod = "";

  /** Notes a phase, the first time it is reached. */
  synchronized void mark(Phase phase, long micros) {
    if (at(phase).isEmpty()) {
      marks.add(new Mark(phase, micros));
    }
  }

  /** Takes a watch event of the Deployment. */
  synchronized void deployment(JsonNode event, long micros) {
    int wanted = event.path("object").path("spec").path("replicas").asInt(1);
    if (replicas.isEmpty() || replicas.getLast() != wanted) {
      replicas.add(wanted);
      if (replicas.size() > 1) {
        mark(wanted > 0 ? Phase.PATCHED : Phase.SCALED_DOWN, micros);
      }
    }
  }

  /** Takes a watch event of a pod. */
  synchronized void pod(JsonNode event, long micros) {
    JsonNode object = event.path("object");
    if (event.path("type").asString("").equals("DELETED")) {
      mark(Phase.ASLEEP, micros);
      return;
    }
    if (pod.isEmpty()) {
      pod = object.path("metadata").path("name").asString("");
    }
    mark(Phase.CREATED, micros);
    if (condition(object, "PodScheduled")) {
      mark(Phase.SCHEDULED, micros);
    }
    for (JsonNode container : object.path("status").path("containerStatuses")) {
      if (container.path("state").has("running")) {
        mark(Phase.STARTED, micros);
      }
    }
    if (condition(object, "Ready")) {
      mark(Phase.READY, micros);
    }
  }

  private static boolean condition(JsonNode pod, String type) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asString("").equals(type)) {
        return condition.path("status").asString("").equals("True");
      }
    }
    return false;
  }

  /** When a phase was reached. */
  synchronized Optional<Long> at(Phase phase) {
    return marks.stream().filter(mark -> mark.phase() == phase).map(Mark::micros).findFirst();
  }

  /** The values of {@code spec.replicas}, in their order, without repetitions. */
  synchronized List<Integer> replicas() {
    return List.copyOf(replicas);
  }

  /** The first pod that appeared; empty while there is none. */
  synchronized String pod() {
    return pod;
  }

  /** All phases that were reached, in time's order. */
  synchronized List<Mark> marks() {
    return marks.stream().sorted(Comparator.comparingLong(Mark::micros)).toList();
  }

  /** Milliseconds between the request and a time. */
  long millisSinceRequest(long micros) {
    return Math.round((micros - at(Phase.SENT).orElse(micros)) / 1000.0);
  }

  /** The table that a human reads: milliseconds since the request, and what happened. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("          asleep: 0 replicas, no pods");
    for (Mark mark : marks()) {
      lines.add(
          String.format(
              Locale.ROOT, "%6d ms  %s", millisSinceRequest(mark.micros()), mark.phase().text()));
    }
    return lines;
  }
}
