package dev.ebb.testkit.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects, and the log of their changes. One revision for all kinds, as etcd has. Callers hold
 * the API's lock.
 */
final class ObjectStore {

  /** Where an object is. */
  record Key(ApiKind kind, String namespace, String name) {}

  /**
   * One change.
   *
   * @param before null when the object was created
   * @param after null when it is gone
   * @param last the object as it was last, with the revision of this change
   */
  record Change(
      long revision,
      Key key,
      @Nullable ObjectNode before,
      @Nullable ObjectNode after,
      ObjectNode last) {}

  // Never 1: a watch from the beginning of time must be refused, as etcd's is.
  private static final long FIRST = 1_000;

  private final TreeMap<Key, ObjectNode> objects =
      new TreeMap<>(
          Comparator.comparing((Key key) -> key.kind().qualified())
              .thenComparing(Key::namespace)
              .thenComparing(Key::name));
  private final List<Change> log = new ArrayList<>();
  private final Map<String, Long> newest = new HashMap<>();
  private final List<Consumer<Change>> followers = new CopyOnWriteArrayList<>();
  private long revision = FIRST;
  private long oldest = FIRST;

  long revision() {
    return revision;
  }

  /** Returns the revision of the last change of any object of some kinds, by their plurals. */
  long revision(Collection<String> plurals) {
    return plurals.stream().mapToLong(plural -> newest.getOrDefault(plural, 0L)).max().orElse(0);
  }

  /** Returns the oldest revision that a watch may start from. */
  long oldest() {
    return oldest;
  }

  /** Forgets the log: watches from earlier revisions are refused from now on. */
  void compact() {
    log.clear();
    oldest = revision;
  }

  Optional<ObjectNode> get(Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** Returns keys and objects in the order of namespace and name. */
  Stream<Key> keys(Predicate<Key> wanted) {
    return List.copyOf(objects.keySet()).stream().filter(wanted);
  }

  List<ObjectNode> list(ApiKind kind, @Nullable String namespace, Predicate<JsonNode> selected) {
    return keys(
            k -> k.kind().equals(kind) && (namespace == null || k.namespace().equals(namespace)))
        .flatMap(key -> get(key).stream())
        .filter(selected)
        .toList();
  }

  List<Change> since(long from) {
    return log.stream().filter(change -> change.revision() > from).toList();
  }

  void follow(Consumer<Change> follower) {
    followers.add(follower);
  }

  void unfollow(Consumer<Change> follower) {
    followers.remove(follower);
  }

  /** Stores an object under the next revision and tells the followers. */
  ObjectNode put(Key key, ObjectNode object) {
    revision++;
    object.withObjectProperty("metadata").put("resourceVersion", Long.toString(revision));
    ObjectNode before = objects.put(key, object);
    tell(new Change(revision, key, before, object, object));
    return object;
  }

  /** Removes an object and tells the followers; what is returned carries the revision. */
  ObjectNode remove(Key key) {
    ObjectNode before = objects.remove(key);
    if (before == null) {
      throw ApiError.notFound(key.kind(), key.name());
    }
    revision++;
    ObjectNode last = before.deepCopy();
    last.withObjectProperty("metadata").put("resourceVersion", Long.toString(revision));
    tell(new Change(revision, key, before, null, last));
    return last;
  }

  private void tell(Change change) {
    log.add(change);
    newest.put(change.key().kind().plural(), change.revision());
    followers.forEach(follower -> follower.accept(change));
  }
}
