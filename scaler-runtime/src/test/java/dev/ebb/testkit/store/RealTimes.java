package dev.ebb.testkit.store;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a world's time in the place of an API server's: what was created, deleted or written at a
 * moment of the world carries that moment, in whole seconds, wherever it is told. Thread-safe.
 */
final class RealTimes {

  private final InstantSource clock;

  // When somebody last asked for a creation or a deletion, by path: a watch may tell of it before
  // the answer has come.
  private final Map<String, Instant> asked = new ConcurrentHashMap<>();

  // The moments, by what happened to which UID.
  private final Map<String, Instant> moments = new ConcurrentHashMap<>();

  RealTimes(InstantSource clock) {
    this.clock = clock;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * Notes that something will be written.
   *
   * @param path of the object
   */
  void asks(String method, String path) {
    asked.put(method.equals("DELETE") ? "deletion " + path : "creation " + path, now());
  }

  /**
   * Notes that a manager changed an object.
   *
   * @param since when the request was sent, by the server's clock
   */
  void wrote(JsonNode object, Instant since) {
    Instant second = since.truncatedTo(ChronoUnit.SECONDS);
    String uid = RealObjects.uid(object);
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      String time = entry.path("time").asString("");
      if (!time.isEmpty() && !Instant.parse(time).isBefore(second)) {
        moments.put(by(uid, entry), now());
      }
    }
  }

  private static String by(String uid, JsonNode entry) {
    return "by %s %s %s %s"
        .formatted(
            entry.path("manager").asString(""),
            entry.path("operation").asString(""),
            entry.path("subresource").asString(""),
            uid);
  }

  /**
   * Rewrites the times of an object.
   *
   * @param path of the object
   */
  void rewrite(ObjectNode object, String path) {
    if (!(object.path("metadata") instanceof ObjectNode metadata)) {
      return;
    }
    String uid = RealObjects.uid(object);
    rewrite(metadata, "creationTimestamp", "creation ", path, uid);
    rewrite(metadata, "deletionTimestamp", "deletion ", path, uid);
    for (JsonNode entry : metadata.path("managedFields")) {
      if (entry instanceof ObjectNode by && by.has("time")) {
        by.put("time", moments.computeIfAbsent(by(uid, by), key -> now()).toString());
      }
    }
  }

  private void rewrite(ObjectNode metadata, String field, String what, String path, String uid) {
    if (metadata.path(field).isString()) {
      Instant moment =
          moments.computeIfAbsent(what + uid, key -> asked.getOrDefault(what + path, now()));
      metadata.put(field, moment.toString());
    }
  }
}
