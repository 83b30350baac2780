package dev.ebb.testkit.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * The objects of a world on a real API server, as the answers to its writes told them: since nobody
 * else writes there, this is what every watch must come to. Thread-safe.
 */
final class RealObjects {

  /** An object: where it is, and how it was answered last. */
  record Known(ApiPath path, JsonNode object, String version) {
    private List<String> owners() {
      return object
          .path("metadata")
          .path("ownerReferences")
          .valueStream()
          .map(owner -> owner.path("uid").asString(""))
          .toList();
    }
  }

  private final Map<String, Known> objects = new HashMap<>();
  private final Map<String, Long> revisions = new HashMap<>();
  private long changes;

  static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asString("");
  }

  static String version(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asString("");
  }

  /** Returns whether nothing holds a deleted object any longer. */
  private static boolean gone(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return metadata.has("deletionTimestamp") && metadata.path("finalizers").isEmpty();
  }

  /** Takes in the answer to a write of an object. */
  synchronized void wrote(ApiPath path, JsonNode object) {
    String uid = uid(object);
    Known before = objects.get(uid);
    if (gone(object)) {
      remove(uid);
    } else if (before == null || !before.version().equals(version(object))) {
      String name = object.path("metadata").path("name").asString("");
      put(uid, new Known(path.object(path.namespace(), name), object, version(object)));
    }
  }

  /** Takes in the answer to a write through {@code scale}, which does not tell the object. */
  synchronized void scaled(JsonNode scale) {
    Known before = objects.get(uid(scale));
    if (before != null && !before.version().equals(version(scale))) {
      put(uid(scale), new Known(before.path(), before.object(), version(scale)));
    }
  }

  /** Takes in the answer to a deletion: the object if something holds it, else anything. */
  synchronized void deleted(ApiPath path, JsonNode answer) {
    boolean held =
        answer.path("metadata").has("deletionTimestamp")
            && !answer.path("metadata").path("finalizers").isEmpty();
    if (held) {
      wrote(path, answer);
    } else {
      List.copyOf(objects.entrySet()).stream()
          .filter(known -> known.getValue().path().equals(path))
          .forEach(known -> remove(known.getKey()));
    }
  }

  private void put(String uid, Known known) {
    objects.put(uid, known);
    revisions.put(known.path().plural(), ++changes);
  }

  private void remove(String uid) {
    Known known = objects.remove(uid);
    if (known != null) {
      revisions.put(known.path().plural(), ++changes);
    }
  }

  /** Returns a number that rises with each change of some kinds. */
  synchronized long revision(Collection<String> plurals) {
    return plurals.stream().mapToLong(plural -> revisions.getOrDefault(plural, 0L)).max().orElse(0);
  }

  /** Returns the objects of a collection that a selector lets through: their versions by UID. */
  synchronized Map<String, String> versions(ApiPath collection, Predicate<JsonNode> selected) {
    Map<String, String> versions = new HashMap<>();
    objects.forEach((uid, known) -> {
      boolean there =
          known.path().plural().equals(collection.plural())
              && known.path().root().equals(collection.root())
              && (collection.namespace().isEmpty()
                  || collection.namespace().equals(known.path().namespace()));
      if (there && selected.test(known.object())) {
        versions.put(uid, known.version());
      }
    });
    return versions;
  }

  /** Returns the objects that others own, all of which are gone, and that nobody deleted yet. */
  synchronized List<Known> orphans() {
    return objects.values().stream()
        .filter(known -> !known.object().path("metadata").has("deletionTimestamp"))
        .filter(known ->
            !known.owners().isEmpty() && known.owners().stream().noneMatch(objects::containsKey))
        .toList();
  }
}
