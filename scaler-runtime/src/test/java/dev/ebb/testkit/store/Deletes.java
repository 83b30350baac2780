package dev.ebb.testkit.store;

import dev.ebb.testkit.store.ObjectStore.Key;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletion and garbage collection. What the real controllers do some time later is done at once
 * here: {@link #collect} runs after every write. A pod goes without a grace period, as one that was
 * never scheduled. Callers hold the API's lock.
 */
final class Deletes {

  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  private final ObjectStore store;
  private final ApiKinds kinds;
  private final Writes writes;

  Deletes(ObjectStore store, ApiKinds kinds, Writes writes) {
    this.store = store;
    this.kinds = kinds;
    this.writes = writes;
  }

  /** Deletes what a DELETE says; returns the object as it is then, or was last. */
  ObjectNode delete(ApiRequest request) {
    Key key = request.key();
    ObjectNode object = writes.require(key);
    JsonNode preconditions = request.body().path("preconditions");
    for (String field : List.of("uid", "resourceVersion")) {
      JsonNode wanted = preconditions.path(field);
      JsonNode is = object.path("metadata").path(field);
      if (!wanted.isMissingNode() && !wanted.isNull() && !wanted.equals(is)) {
        throw ApiError.conflict(
            key.kind(),
            key.name(),
            "Precondition failed: %s in precondition: %s, in object meta: %s"
                .formatted(field, wanted.asString(""), is.asString("")));
      }
    }
    String policy = request.query("propagationPolicy");
    return delete(
        key, policy == null ? request.body().path("propagationPolicy").asString("") : policy);
  }

  private ObjectNode delete(Key key, String policy) {
    ObjectNode next = writes.require(key).deepCopy();
    switch (policy) {
      case "Foreground" -> Writes.addFinalizer(next, FOREGROUND);
      case "Orphan" -> Writes.addFinalizer(next, ORPHAN);
      default -> {}
    }
    boolean contents = key.kind().equals(kinds.namespaces()) && contents(key.name()).length > 0;
    if (next.path("metadata").path("finalizers").isEmpty() && !contents) {
      return store.remove(key);
    }
    if (Writes.deleting(next)) {
      return next;
    }
    ObjectNode metadata = next.withObjectProperty("metadata");
    metadata.put("deletionTimestamp", writes.now()).put("deletionGracePeriodSeconds", 0);
    if (contents) {
      next.withObjectProperty("status").put("phase", "Terminating");
    }
    if (key.kind().generation()) {
      Writes.raiseGeneration(next);
    }
    return store.put(key, next);
  }

  private Key[] contents(String namespace) {
    return store.keys(k -> k.namespace().equals(namespace)).toArray(Key[]::new);
  }

  /** Does what the garbage collector and the namespace controller would do, to the end. */
  void collect() {
    boolean again = true;
    while (again) {
      again = false;
      for (Key key : store.keys(k -> true).toList()) {
        ObjectNode object = store.get(key).orElse(null);
        again |= object != null && (finish(key, object) || collect(key, object));
      }
    }
  }

  /** Goes on with a deletion that others must make way for. */
  private boolean finish(Key key, ObjectNode object) {
    if (!Writes.deleting(object)) {
      return false;
    }
    if (Writes.holds(object, ORPHAN)) {
      dependents(key, object).forEach(k -> disown(k, List.of(uid(object))));
      return release(key, object, ORPHAN);
    }
    if (Writes.holds(object, FOREGROUND)) {
      List<Key> dependents = dependents(key, object);
      boolean blocked = dependents.stream().anyMatch(k -> blocks(k, object));
      return blocked
          ? dependents.stream().map(k -> deleteOnce(k, "Foreground")).toList().contains(true)
          : release(key, object, FOREGROUND);
    }
    if (key.kind().equals(kinds.namespaces())) {
      boolean changed = false;
      for (Key content : contents(key.name())) {
        changed |= deleteOnce(content, "");
      }
      if (contents(key.name()).length == 0) {
        store.remove(key);
        changed = true;
      }
      return changed;
    }
    return false;
  }

  private boolean release(Key key, ObjectNode object, String finalizer) {
    ObjectNode next = object.deepCopy();
    Writes.removeFinalizer(next, finalizer);
    writes.store(key, object, next);
    return true;
  }

  /** Deletes an object all of whose owners are gone; forgets those of several that are. */
  private boolean collect(Key key, ObjectNode object) {
    List<JsonNode> owners = object.path("metadata").path("ownerReferences").valueStream().toList();
    List<String> gone =
        owners.stream()
            .filter(owner -> owner(key, owner).isEmpty())
            .map(owner -> owner.path("uid").asString(""))
            .toList();
    if (gone.isEmpty()) {
      return false;
    }
    if (gone.size() == owners.size()) {
      return deleteOnce(key, "");
    }
    disown(key, gone);
    return true;
  }

  private boolean deleteOnce(Key key, String policy) {
    boolean due = store.get(key).filter(o -> !Writes.deleting(o)).isPresent();
    if (due) {
      boolean owns = !dependents(key, writes.require(key)).isEmpty();
      delete(key, owns ? policy : "");
    }
    return due;
  }

  private Optional<ObjectNode> owner(Key dependent, JsonNode reference) {
    return kinds
        .ofKind(reference.path("apiVersion").asString(""), reference.path("kind").asString(""))
        .flatMap(kind ->
            store.get(
                new Key(
                    kind,
                    kind.namespaced() ? dependent.namespace() : "",
                    reference.path("name").asString(""))))
        .filter(owner -> uid(owner).equals(reference.path("uid").asString("")));
  }

  private List<Key> dependents(Key owner, ObjectNode object) {
    return store
        .keys(k -> k.namespace().equals(owner.namespace()) || owner.namespace().isEmpty())
        .filter(k -> reference(k, object).isPresent())
        .toList();
  }

  private boolean blocks(Key dependent, ObjectNode owner) {
    return reference(dependent, owner)
        .filter(r -> r.path("blockOwnerDeletion").asBoolean(false))
        .isPresent();
  }

  private Optional<JsonNode> reference(Key dependent, ObjectNode owner) {
    return store.get(dependent).stream()
        .flatMap(o -> o.path("metadata").path("ownerReferences").valueStream())
        .filter(r -> r.path("uid").asString("").equals(uid(owner)))
        .findFirst();
  }

  private void disown(Key key, List<String> owners) {
    ObjectNode before = writes.require(key);
    ObjectNode next = before.deepCopy();
    ObjectNode metadata = next.withObjectProperty("metadata");
    ArrayNode references = metadata.withArrayProperty("ownerReferences");
    for (int i = references.size() - 1; i >= 0; i--) {
      if (owners.contains(references.path(i).path("uid").asString(""))) {
        references.remove(i);
      }
    }
    if (references.isEmpty()) {
      metadata.remove("ownerReferences");
    }
    writes.store(key, before, next);
  }

  private static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asString("");
  }
}
