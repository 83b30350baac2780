package dev.ebb.testkit.store;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import okhttp3.Response;
import okio.BufferedSource;
import tools.jackson.databind.JsonNode;

/**
 * One watch of a real API server: its lines are read as they come, and handed to the reader unless
 * they are kept back. Knows what the reader has taken. Thread-safe.
 */
final class RealWatch {

  /**
   * What is watched.
   *
   * @param path the collection
   * @param selectors as they were asked for
   * @param selected what they let through
   */
  record Collection(ApiPath path, String selectors, Predicate<JsonNode> selected) {
    /** Returns what tells it from others. */
    String key() {
      return path.text() + "?" + selectors;
    }
  }

  private final Collection collection;
  private final Response upstream;
  private final LineStream lines;
  private final Map<String, String> taken;
  private String position;

  /**
   * Creates a watch; {@link #start} lets it read.
   *
   * @param from the version that it starts at
   * @param known what its reader knows at that version
   */
  RealWatch(
      Collection collection,
      Response upstream,
      String from,
      Map<String, String> known,
      Runnable onWait,
      Consumer<RealWatch> onClose) {
    this.collection = collection;
    this.upstream = upstream;
    this.position = from;
    this.taken = new HashMap<>(known);
    this.lines =
        new LineStream(
            onWait,
            () -> {
              upstream.close();
              onClose.accept(this);
            });
  }

  Collection collection() {
    return collection;
  }

  /** Returns what its reader reads. */
  LineStream lines() {
    return lines;
  }

  /**
   * Reads on a thread of its own until the server ends it.
   *
   * @param toWorld turns a line into one of the world
   */
  void start(UnaryOperator<JsonNode> toWorld) {
    Thread.ofVirtual().name("real-watch-" + collection.path().plural()).start(() -> pump(toWorld));
  }

  private void pump(UnaryOperator<JsonNode> toWorld) {
    try {
      BufferedSource source = upstream.body().source();
      for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
        JsonNode event = toWorld.apply(RealApi.JSON.readTree(line));
        lines.send(RealApi.JSON.writeValueAsString(event) + "\n", () -> took(event));
      }
    } catch (IOException | IllegalStateException e) {
      // It was closed, or the connection broke: its end, in both cases.
    }
    lines.end();
  }

  /** Ends it after what was handed over. */
  void end() {
    lines.end();
    upstream.close();
  }

  private synchronized void took(JsonNode event) {
    JsonNode object = event.path("object");
    switch (event.path("type").asString("")) {
      case "ADDED", "MODIFIED" -> taken.put(RealObjects.uid(object), RealObjects.version(object));
      case "DELETED" -> taken.remove(RealObjects.uid(object));
      case "BOOKMARK" -> {}
      default -> {
        return;
      }
    }
    position = RealObjects.version(object);
  }

  /** Remembers what the reader knows, for the watch that goes on from here. */
  synchronized void remember(RealViews views) {
    views.knows(collection.key(), position, taken);
  }

  /** Returns whether the reader waits, and has taken what there is, unless it is kept back. */
  boolean drained(RealObjects objects) {
    return lines.drained() && (lines.held() || missing(objects).isEmpty());
  }

  /** Returns what its reader has not been told, for whoever waits in vain. */
  synchronized Map<String, String> missing(RealObjects objects) {
    Map<String, String> there = objects.versions(collection.path(), collection.selected());
    Map<String, String> missing = new HashMap<>();
    there.forEach((uid, version) -> {
      if (!version.equals(taken.get(uid))) {
        missing.put(uid, version + " instead of " + taken.get(uid));
      }
    });
    taken.keySet().stream()
        .filter(uid -> !there.containsKey(uid))
        .forEach(uid -> missing.put(uid, "gone"));
    return missing;
  }

  @Override
  public String toString() {
    return collection.key() + " at " + position;
  }
}
