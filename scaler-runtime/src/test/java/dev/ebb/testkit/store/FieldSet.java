package dev.ebb.testkit.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields that somebody owns, as paths of names. A list is one field: unlike the real API
 * server, the store does not look into lists with keys.
 */
final class FieldSet {

  private static final Set<String> OF_THE_SERVER =
      Set.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "managedFields",
          "selfLink");

  private final Set<List<String>> paths = new LinkedHashSet<>();

  /** Returns all fields of an object that somebody may own. */
  static FieldSet of(JsonNode object) {
    FieldSet set = new FieldSet();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      if (name.equals("metadata")) {
        for (Map.Entry<String, JsonNode> meta : field.getValue().properties()) {
          if (!OF_THE_SERVER.contains(meta.getKey())) {
            set.collect(List.of(name, meta.getKey()), meta.getValue());
          }
        }
      } else if (!name.equals("apiVersion") && !name.equals("kind")) {
        set.collect(List.of(name), field.getValue());
      }
    }
    return set;
  }

  static FieldSet single(String... path) {
    FieldSet set = new FieldSet();
    set.paths.add(List.of(path));
    return set;
  }

  /** Reads the form of managedFields. */
  static FieldSet ofV1(JsonNode fieldsV1) {
    FieldSet set = new FieldSet();
    set.read(List.of(), fieldsV1);
    return set;
  }

  private void collect(List<String> at, JsonNode value) {
    if (value.isObject() && !value.isEmpty()) {
      value.properties().forEach(e -> collect(child(at, e.getKey()), e.getValue()));
    } else {
      paths.add(at);
    }
  }

  private void read(List<String> at, JsonNode node) {
    boolean leaf = true;
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (entry.getKey().startsWith("f:")) {
        leaf = false;
        read(child(at, entry.getKey().substring(2)), entry.getValue());
      }
    }
    if (leaf && !at.isEmpty()) {
      paths.add(at);
    }
  }

  private static List<String> child(List<String> parent, String name) {
    List<String> child = new ArrayList<>(parent);
    child.add(name);
    return List.copyOf(child);
  }

  /** Writes the form of managedFields. */
  ObjectNode toV1() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    for (List<String> path : paths) {
      ObjectNode at = root;
      for (String name : path) {
        at = at.withObjectProperty("f:" + name);
      }
    }
    return root;
  }

  Set<List<String>> paths() {
    return Set.copyOf(paths);
  }

  boolean isEmpty() {
    return paths.isEmpty();
  }

  boolean contains(List<String> path) {
    return paths.contains(path);
  }

  /** Returns whether this holds the path, something above or something below it. */
  boolean touches(List<String> path) {
    return paths.stream().anyMatch(own -> within(own, path) || within(path, own));
  }

  private static boolean within(List<String> whole, List<String> part) {
    return whole.size() >= part.size() && whole.subList(0, part.size()).equals(part);
  }

  FieldSet plus(FieldSet other) {
    FieldSet sum = copy();
    sum.paths.addAll(other.paths);
    return sum;
  }

  FieldSet minus(FieldSet other) {
    FieldSet rest = copy();
    rest.paths.removeAll(other.paths);
    return rest;
  }

  /** Returns the fields that have another value in another object, or none there. */
  FieldSet differing(JsonNode own, JsonNode other) {
    FieldSet differing = new FieldSet();
    for (List<String> path : paths) {
      if (!get(own, path).equals(get(other, path))) {
        differing.paths.add(path);
      }
    }
    return differing;
  }

  /** Returns the fields that an object does not hold. */
  FieldSet absentFrom(JsonNode object) {
    FieldSet absent = new FieldSet();
    paths.stream().filter(path -> get(object, path).isMissingNode()).forEach(absent.paths::add);
    return absent;
  }

  static JsonNode get(JsonNode object, List<String> path) {
    JsonNode at = object;
    for (String name : path) {
      at = at.path(name);
    }
    return at;
  }

  private FieldSet copy() {
    FieldSet copy = new FieldSet();
    copy.paths.addAll(paths);
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSet set && set.paths.equals(paths);
  }

  @Override
  public int hashCode() {
    return paths.hashCode();
  }
}
