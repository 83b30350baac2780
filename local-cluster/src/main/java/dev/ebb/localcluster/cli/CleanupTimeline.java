package dev.ebb.localcluster.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What happened to a StatefulSet that was scaled down, and when: made of watch events. Nothing
 * counts before it is scaled. Thread-safe.
 */
final class CleanupTimeline {

  private static final String OWNER = "statefulsets.kubernetes.io/scaledown-pod-owner";

  private record Line(long micros, String text) {}

  private final List<Line> lines = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private long begin;
  private int replicas = -1;

  private void mark(long micros, String text) {
    if (begin > 0 && seen.add(text)) {
      lines.add(new Line(micros, text));
    }
  }

  /** Takes a watch event of the set. */
  synchronized void set(JsonNode event, long micros) {
    int now = event.path("object").path("spec").path("replicas").asInt(1);
    if (replicas > now) {
      begin = begin == 0 ? micros : begin;
      mark(micros, "scaled " + replicas + "→" + now);
    }
    replicas = now;
  }

  /** Takes a watch event of a pod. */
  synchronized void pod(JsonNode event, long micros) {
    JsonNode pod = event.path("object");
    String name = pod.path("metadata").path("name").asString("");
    boolean cleanup = pod.path("metadata").path("annotations").has(OWNER);
    boolean gone = event.path("type").asString("").equals("DELETED");
    if (!cleanup) {
      if (gone) {
        mark(micros, name + " is gone");
      }
      return;
    }
    mark(micros, "cleanup pod " + name + " is made");
    if (pod.path("status").path("phase").asString("").equals("Succeeded")) {
      mark(micros, "cleanup pod " + name + " has succeeded");
    }
    if (gone) {
      mark(micros, "cleanup pod " + name + " is gone: the name is free");
    }
  }

  /** Takes a watch event of a claim. */
  synchronized void claim(JsonNode event, long micros) {
    if (event.path("type").asString("").equals("DELETED")) {
      mark(
          micros,
          "claim " + event.path("object").path("metadata").path("name").asString("") + " is gone");
    }
  }

  /** Takes a watch event of a volume. */
  synchronized void volume(JsonNode event, long micros) {
    if (event.path("type").asString("").equals("DELETED")) {
      JsonNode claim = event.path("object").path("spec").path("claimRef");
      mark(micros, "volume of " + claim.path("name").asString("") + " is freed");
    }
  }

  /** The table that a human reads: milliseconds since it was scaled, and what happened. */
  synchronized List<String> table() {
    return lines.stream()
        .map(line ->
            String.format(Locale.ROOT, "%6d ms  %s", (line.micros() - begin) / 1000, line.text()))
        .toList();
  }
}
