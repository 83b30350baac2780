package dev.ebb.testkit.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Who owns which field of one object: {@code metadata.managedFields}. */
final class ManagedFields {

  private static final String APPLY = "Apply";
  private static final String UPDATE = "Update";
  private static final String SCALE = "scale";
  private static final FieldSet REPLICAS = FieldSet.single("spec", "replicas");

  /** Who writes, and what they write to. */
  record By(String manager, String subresource, String apiVersion, String time) {}

  private record Entry(
      String manager,
      String operation,
      String apiVersion,
      @Nullable String time,
      String subresource,
      FieldSet fields) {
    boolean by(By by, String op) {
      return manager.equals(by.manager())
          && operation.equals(op)
          && subresource.equals(by.subresource());
    }

    Entry with(FieldSet set) {
      return new Entry(manager, operation, apiVersion, time, subresource, set);
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  private ManagedFields(JsonNode object) {
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      entries.add(
          new Entry(
              entry.path("manager").asString(""),
              entry.path("operation").asString(""),
              entry.path("apiVersion").asString(""),
              entry.has("time") ? entry.path("time").asString("") : null,
              entry.path("subresource").asString(""),
              FieldSet.ofV1(entry.path("fieldsV1"))));
    }
  }

  /** Records an update: what changed is the writer's now, and nobody else's. */
  static void track(JsonNode before, ObjectNode after, By by) {
    ManagedFields owned = new ManagedFields(before);
    FieldSet changed = FieldSet.of(after).differing(after, before);
    FieldSet removed = FieldSet.of(before).absentFrom(after);
    if (!changed.isEmpty() || !removed.isEmpty()) {
      owned.takeFromAll(changed.plus(removed), by, UPDATE);
      FieldSet own = owned.of(by, UPDATE).minus(removed).plus(changed);
      owned.give(by, UPDATE, own, by.time());
    }
    owned.writeTo(after);
  }

  /**
   * Applies a configuration to an object: sets what it says, removes what it said before and no
   * longer says.
   *
   * @throws ApiError when another owns a field with another value, unless it is forced
   */
  static ObjectNode apply(ObjectNode live, ObjectNode applied, By by, boolean force) {
    ManagedFields owned = new ManagedFields(live);
    FieldSet wanted = FieldSet.of(applied);
    FieldSet differing = wanted.differing(applied, live);
    if (!force) {
      owned.refuse(differing, by);
    }
    ObjectNode merged = live.deepCopy();
    overlay(merged, applied);
    for (List<String> path : owned.of(by, APPLY).minus(wanted).paths()) {
      boolean shared =
          owned.entries.stream().anyMatch(e -> !e.by(by, APPLY) && e.fields().touches(path));
      if (!shared && !wanted.touches(path)) {
        removePath(merged, path);
      }
    }
    owned.takeFromAll(differing, by, APPLY);
    owned.give(by, APPLY, wanted, by.time());
    owned.writeTo(merged);
    return merged;
  }

  /**
   * Records a write of the replica count through {@code scale}: a zero that was not applied is an
   * absent field there, and what nobody owns stays nobody's.
   */
  static void trackScale(ObjectNode object, int before, int after, By by) {
    ManagedFields owned = new ManagedFields(object);
    boolean tracked =
        owned.entries.stream().anyMatch(e -> e.fields().touches(List.of("spec", "replicas")));
    if (!tracked || before == after) {
      return;
    }
    owned.takeFromAll(REPLICAS, null, UPDATE);
    if (after != 0) {
      owned.give(by, UPDATE, REPLICAS, null);
    }
    owned.writeTo(object);
  }

  /** Records a replica count that is applied through {@code scale}. */
  static void applyScale(ObjectNode object, int before, int after, By by, boolean force) {
    ManagedFields owned = new ManagedFields(object);
    if (before != after) {
      if (!force) {
        owned.refuse(REPLICAS, by);
      }
      owned.takeFromAll(REPLICAS, by, APPLY);
    }
    owned.give(by, APPLY, REPLICAS, null);
    owned.writeTo(object);
  }

  private void refuse(FieldSet differing, By by) {
    String conflicts =
        entries.stream()
            .filter(e -> !e.by(by, APPLY))
            .flatMap(e ->
                differing.paths().stream()
                    .filter(e.fields()::touches)
                    .map(path ->
                        "conflict with \"%s\": .%s".formatted(e.manager(), String.join(".", path))))
            .collect(Collectors.joining(", "));
    if (!conflicts.isEmpty()) {
      throw ApiError.applyConflict("Apply failed with conflicts: " + conflicts);
    }
  }

  private FieldSet of(By by, String operation) {
    return find(by, operation).map(Entry::fields).orElseGet(FieldSet::new);
  }

  private Optional<Entry> find(By by, String operation) {
    return entries.stream().filter(e -> e.by(by, operation)).findFirst();
  }

  private void takeFromAll(FieldSet fields, @Nullable By but, String operation) {
    entries.replaceAll(
        e -> but != null && e.by(but, operation) ? e : e.with(e.fields().minus(fields)));
    entries.removeIf(e -> e.fields().isEmpty());
  }

  private void give(By by, String operation, FieldSet fields, @Nullable String time) {
    Optional<Entry> before = find(by, operation);
    before.ifPresent(entries::remove);
    if (!fields.isEmpty()) {
      boolean same =
          before.isPresent() && operation.equals(APPLY) && before.get().fields().equals(fields);
      entries.add(
          new Entry(
              by.manager(),
              operation,
              by.apiVersion(),
              same ? before.get().time() : time,
              by.subresource(),
              fields));
    }
  }

  private void writeTo(ObjectNode object) {
    ObjectNode metadata = object.withObjectProperty("metadata");
    metadata.remove("managedFields");
    if (entries.isEmpty()) {
      return;
    }
    ArrayNode list = metadata.putArray("managedFields");
    for (Entry entry : entries) {
      ObjectNode node = list.addObject();
      node.put("manager", entry.manager()).put("operation", entry.operation());
      node.put("apiVersion", entry.apiVersion());
      if (entry.time() != null && !entry.subresource().equals(SCALE)) {
        node.put("time", entry.time());
      }
      node.put("fieldsType", "FieldsV1").set("fieldsV1", entry.fields().toV1());
      if (!entry.subresource().isEmpty()) {
        node.put("subresource", entry.subresource());
      }
    }
  }

  private static void overlay(ObjectNode target, ObjectNode applied) {
    applied
        .properties()
        .forEach(field -> {
          if (field.getValue() instanceof ObjectNode object
              && target.get(field.getKey()) instanceof ObjectNode below) {
            overlay(below, object);
          } else {
            target.set(field.getKey(), field.getValue().deepCopy());
          }
        });
  }

  private static void removePath(ObjectNode object, List<String> path) {
    if (path.size() == 1) {
      object.remove(path.getFirst());
    } else if (object.get(path.getFirst()) instanceof ObjectNode below) {
      removePath(below, path.subList(1, path.size()));
      if (below.isEmpty()) {
        object.remove(path.getFirst());
      }
    }
  }
}
