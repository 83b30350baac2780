package dev.ebb.testkit.store;

import dev.ebb.testkit.store.ManagedFields.By;
import dev.ebb.testkit.store.ObjectStore.Key;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What create, update, patch and apply mean. Callers hold the API's lock. */
final class Writes {

  private static final List<String> OF_THE_SERVER =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "managedFields");

  private final ObjectStore store;
  private final ApiKinds kinds;
  private final InstantSource clock;
  private long made;

  Writes(ObjectStore store, ApiKinds kinds, InstantSource clock) {
    this.store = store;
    this.kinds = kinds;
    this.clock = clock;
  }

  String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Creates what a POST says. */
  ObjectNode create(ApiRequest request) {
    if (!(request.body() instanceof ObjectNode body)
        || !request
            .kind()
            .is(body.path("apiVersion").asString(""), body.path("kind").asString(""))) {
      throw ApiError.badRequest("the body is no " + request.kind().kind());
    }
    ObjectNode object = body.deepCopy();
    ObjectNode metadata = object.withObjectProperty("metadata");
    if (metadata.path("name").asString("").isEmpty() && metadata.has("generateName")) {
      metadata.put(
          "name", metadata.path("generateName").asString("") + Long.toString(46_656 + made, 36));
    }
    metadata.remove("managedFields");
    return create(request, object, request.by(now()), false);
  }

  private ObjectNode create(ApiRequest request, ObjectNode object, By by, boolean applied) {
    ApiKind kind = request.kind();
    ObjectNode metadata = object.withObjectProperty("metadata");
    String name = metadata.path("name").asString("");
    String namespace = request.namespace() == null ? "" : request.namespace();
    checkName(kind, name);
    Key key = new Key(kind, namespace, name);
    if (kind.namespaced()) {
      requireNamespace(key);
    }
    if (store.get(key).isPresent()) {
      throw ApiError.alreadyExists(kind, name);
    }
    if (kind.status()) {
      object.remove("status");
    }
    prepare(kind, object);
    made++;
    OF_THE_SERVER.stream().filter(f -> !f.equals("managedFields")).forEach(metadata::remove);
    metadata.remove("resourceVersion");
    metadata.put("uid", new UUID(0x4000_0000L, 0x8000_0000_0000_0000L + made).toString());
    metadata.put("creationTimestamp", now());
    if (kind.namespaced()) {
      metadata.put("namespace", namespace);
    }
    if (kind.generation()) {
      metadata.put("generation", 1);
    }
    if (!applied) {
      ManagedFields.track(JsonNodeFactory.instance.objectNode(), object, by);
    }
    return store.put(key, object);
  }

  private void checkName(ApiKind kind, String name) {
    if (name.isEmpty()) {
      throw ApiError.invalid(
          kind, "", "metadata.name: Required value: name or generateName is required");
    }
    if (name.length() > 253 || !name.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")) {
      throw ApiError.invalid(kind, name, "metadata.name: Invalid value: \"" + name + "\"");
    }
  }

  private void requireNamespace(Key key) {
    Key namespace = new Key(kinds.namespaces(), "", key.namespace());
    ObjectNode object =
        store
            .get(namespace)
            .orElseThrow(() -> ApiError.notFound(kinds.namespaces(), key.namespace()));
    if (deleting(object)) {
      throw ApiError.terminating(key.kind(), key.name(), key.namespace());
    }
  }

  /** Replaces an object by what a PUT says. */
  ObjectNode replace(ApiRequest request) {
    Key key = request.key();
    ObjectNode before = require(key);
    if (!(request.body() instanceof ObjectNode body)) {
      throw ApiError.badRequest("the body is no object");
    }
    if (request.subresource().equals("scale")) {
      return scale(request, before, body);
    }
    ObjectNode after = body.deepCopy();
    ObjectNode metadata = after.withObjectProperty("metadata");
    if (!metadata.has("resourceVersion")) {
      if (key.kind().schema() != null) {
        throw ApiError.invalid(
            key.kind(), key.name(), "metadata.resourceVersion: Invalid value: must be specified");
      }
      metadata.set("resourceVersion", before.path("metadata").path("resourceVersion"));
    }
    return update(request, before, after);
  }

  /** Patches an object as a PATCH says. */
  ObjectNode patch(ApiRequest request) {
    String type = request.contentType().split(";", 2)[0];
    if (type.equals("application/apply-patch+yaml")) {
      return apply(request);
    }
    Key key = request.key();
    ObjectNode before = require(key);
    boolean ofScale = request.subresource().equals("scale");
    ObjectNode base = ofScale ? Scales.of(before) : before;
    JsonNode after =
        switch (type) {
          case "application/merge-patch+json" -> Patches.merge(base, request.body());
          case "application/json-patch+json" ->
              Patches.json(base, request.body(), key.kind(), key.name());
          default -> throw ApiError.unsupportedMediaType(type);
        };
    if (!(after instanceof ObjectNode object)) {
      throw ApiError.badRequest("the patch leaves no object");
    }
    return ofScale ? scale(request, before, object) : update(request, before, object);
  }

  private ObjectNode apply(ApiRequest request) {
    Key key = request.key();
    if (request.query("fieldManager") == null) {
      throw ApiError.invalid(key.kind(), key.name(), "fieldManager: Required value: is required");
    }
    if (!(request.body() instanceof ObjectNode body)) {
      throw ApiError.badRequest("the body is no object");
    }
    JsonNode meta = body.path("metadata");
    ObjectNode live = store.get(key).orElse(null);
    if (live == null) {
      if (!request.subresource().isEmpty()) {
        throw ApiError.notFound(key.kind(), key.name());
      }
      if (meta.has("uid") || meta.has("resourceVersion")) {
        throw ApiError.conflict(key.kind(), key.name(), "it does not exist");
      }
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object.set("apiVersion", body.path("apiVersion"));
      object.set("kind", body.path("kind"));
      object.putObject("metadata").put("name", key.name());
      By by = request.by(now());
      return create(request, ManagedFields.apply(object, body, by, true), by, true);
    }
    if (request.subresource().equals("scale")) {
      return applyScale(request, live, body);
    }
    ObjectNode after = ManagedFields.apply(live, body, request.by(now()), request.asks("force"));
    ObjectNode metadata = after.withObjectProperty("metadata");
    for (String precondition : List.of("uid", "resourceVersion")) {
      if (meta.has(precondition)) {
        metadata.set(precondition, meta.path(precondition));
      }
    }
    return commit(request, live, after, true);
  }

  private ObjectNode update(ApiRequest request, ObjectNode before, ObjectNode after) {
    return commit(request, before, after, false);
  }

  /** Checks what is to be written, keeps what is the server's, and writes if anything changes. */
  private ObjectNode commit(
      ApiRequest request, ObjectNode before, ObjectNode after, boolean applied) {
    Key key = request.key();
    checkIdentity(key, before, after);
    ObjectNode metadata = after.withObjectProperty("metadata");
    for (String field : OF_THE_SERVER) {
      if (!applied || !field.equals("managedFields")) {
        keep(metadata, before.path("metadata"), field);
      }
    }
    ObjectNode next = after;
    if (request.subresource().equals("status")) {
      next = before.deepCopy();
      keep(next, after, "status");
      next.withObjectProperty("metadata").set("managedFields", metadata.path("managedFields"));
    } else if (key.kind().status()) {
      keep(next, before, "status");
    }
    refuseNewFinalizers(key, before, next);
    prepare(key.kind(), next);
    boolean same = Changes.sameContent(before, next);
    if (same && (!applied || Changes.sameOwners(before, next))) {
      return before;
    }
    if (!applied) {
      ManagedFields.track(before, next, request.by(now()));
    }
    return store(key, before, next);
  }

  /** Stores a new state; one that nothing holds any longer is not stored but goes at once. */
  ObjectNode store(Key key, ObjectNode before, ObjectNode next) {
    if (key.kind().generation() && Changes.ofSpec(before, next)) {
      raiseGeneration(next);
    }
    if (deleting(next) && next.path("metadata").path("finalizers").isEmpty()) {
      return store.remove(key);
    }
    return store.put(key, next);
  }

  static void raiseGeneration(ObjectNode object) {
    ObjectNode metadata = object.withObjectProperty("metadata");
    metadata.put("generation", metadata.path("generation").asInt(0) + 1);
  }

  private static void checkIdentity(Key key, ObjectNode before, ObjectNode after) {
    JsonNode seen = before.path("metadata");
    JsonNode meta = after.path("metadata");
    String version = meta.path("resourceVersion").asString("");
    if (!version.equals(seen.path("resourceVersion").asString(""))) {
      throw ApiError.modified(key.kind(), key.name());
    }
    if (!meta.path("name").asString("").equals(key.name())) {
      throw ApiError.badRequest("the name of the object does not match the name on the URL");
    }
    if (meta.has("uid") && !meta.path("uid").equals(seen.path("uid"))) {
      throw ApiError.conflict(
          key.kind(),
          key.name(),
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(meta.path("uid").asString(""), seen.path("uid").asString("")));
    }
  }

  private static void refuseNewFinalizers(Key key, ObjectNode before, ObjectNode next) {
    List<JsonNode> old = before.path("metadata").path("finalizers").valueStream().toList();
    if (deleting(before)
        && next.path("metadata").path("finalizers").valueStream().anyMatch(f -> !old.contains(f))) {
      throw ApiError.invalid(
          key.kind(),
          key.name(),
          "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being"
              + " deleted");
    }
  }

  private void prepare(ApiKind kind, ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    for (String field : List.of("labels", "annotations", "finalizers", "ownerReferences")) {
      if (metadata.path(field).isEmpty() && metadata instanceof ObjectNode meta) {
        meta.remove(field);
      }
    }
    JsonNode schema = kind.schema();
    if (schema == null) {
      Defaults.fill(kind, object, made);
      if (Scales.replicas(object) < 0) {
        throw invalidReplicas(kind, metadata.path("name").asString(""));
      }
      return;
    }
    for (String field : List.copyOf(object.propertyNames())) {
      JsonNode below = schema.path("properties").path(field);
      if (field.equals("metadata") || field.equals("apiVersion") || field.equals("kind")) {
        continue;
      }
      if (below.isMissingNode()) {
        object.remove(field);
      } else {
        Schema.prune(object.path(field), below);
      }
    }
    Schema.fill(object, schema);
    List<String> wrong = Schema.check(object, schema);
    if (!wrong.isEmpty()) {
      throw ApiError.invalid(kind, metadata.path("name").asString(""), String.join(", ", wrong));
    }
  }

  private static ApiError invalidReplicas(ApiKind kind, String name) {
    return ApiError.invalid(
        kind, name, "spec.replicas: Invalid value: must be greater than or equal to 0");
  }

  private ObjectNode scale(ApiRequest request, ObjectNode before, ObjectNode scale) {
    return commitScale(request, before, scale, false);
  }

  private ObjectNode applyScale(ApiRequest request, ObjectNode before, ObjectNode scale) {
    return commitScale(request, before, scale, true);
  }

  private ObjectNode commitScale(
      ApiRequest request, ObjectNode before, ObjectNode scale, boolean applied) {
    Key key = request.key();
    JsonNode version = scale.path("metadata").path("resourceVersion");
    if (!version.isMissingNode()
        && !version.equals(before.path("metadata").path("resourceVersion"))) {
      throw ApiError.modified(key.kind(), key.name());
    }
    int had = Scales.replicas(before);
    int wants = Scales.replicas(scale);
    if (wants < 0) {
      throw invalidReplicas(key.kind(), key.name());
    }
    ObjectNode after = before.deepCopy();
    after.withObjectProperty("spec").put("replicas", wants);
    if (applied) {
      ManagedFields.applyScale(after, had, wants, request.by(now()), request.asks("force"));
    } else {
      ManagedFields.trackScale(after, had, wants, request.by(now()));
    }
    if (had == wants && Changes.sameOwners(before, after)) {
      return Scales.of(before);
    }
    return Scales.of(store(key, before, after));
  }

  ObjectNode require(Key key) {
    return store.get(key).orElseThrow(() -> ApiError.notFound(key.kind(), key.name()));
  }

  static boolean deleting(JsonNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }

  static boolean holds(JsonNode object, String finalizer) {
    return object
        .path("metadata")
        .path("finalizers")
        .valueStream()
        .anyMatch(f -> f.asString("").equals(finalizer));
  }

  static void addFinalizer(ObjectNode object, String finalizer) {
    ObjectNode metadata = object.withObjectProperty("metadata");
    ArrayNode finalizers = metadata.withArrayProperty("finalizers");
    if (!holds(object, finalizer)) {
      finalizers.add(finalizer);
    }
  }

  static void removeFinalizer(ObjectNode object, String finalizer) {
    ArrayNode finalizers = object.withObjectProperty("metadata").withArrayProperty("finalizers");
    for (int i = finalizers.size() - 1; i >= 0; i--) {
      if (finalizers.path(i).asString("").equals(finalizer)) {
        finalizers.remove(i);
      }
    }
    if (finalizers.isEmpty()) {
      object.withObjectProperty("metadata").remove("finalizers");
    }
  }

  private static void keep(ObjectNode object, JsonNode from, String field) {
    if (from.has(field)) {
      object.set(field, from.path(field).deepCopy());
    } else {
      object.remove(field);
    }
  }
}
