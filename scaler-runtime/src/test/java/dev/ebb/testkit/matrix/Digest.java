package dev.ebb.testkit.matrix;

import dev.ebb.runtime.kube.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The end state of a world without what differs between two runs that came to the same. */
final class Digest {

  private static final Set<String> MASKED =
      Set.of(
          "uid",
          "resourceVersion",
          "creationTimestamp",
          "managedFields",
          "generation",
          "observedGeneration",
          "lastTransitionTime",
          "clusterIP",
          "clusterIPs",
          "deployment.kubernetes.io/revision",
          Marks.TOUCHED);
  private static final Pattern TIME =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{5,8}(\\.[0-9]+)?Z");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private Digest() {}

  /** Returns one line for each object of these kinds; the status of the first kind counts too. */
  static List<String> of(World world, Scenario scenario) {
    List<String> lines = new ArrayList<>();
    List<ResourceType<JsonNode>> kinds = scenario.kinds();
    Set<String> masked =
        Stream.concat(MASKED.stream(), scenario.history().stream())
            .collect(Collectors.toUnmodifiableSet());
    for (ResourceType<JsonNode> kind : kinds) {
      boolean own = kind.equals(kinds.getFirst());
      world.client().list(kind, world.namespace(), Map.of()).items().stream()
          .map(object -> line(kind, object, own, world.namespace(), masked))
          .sorted()
          .forEach(lines::add);
    }
    return lines;
  }

  private static String line(
      ResourceType<JsonNode> kind,
      JsonNode object,
      boolean own,
      String namespace,
      Set<String> masked) {
    JsonNode copy = object.deepCopy();
    if (!own) {
      ((ObjectNode) copy).remove("status");
    }
    mask(copy, masked);
    String text = kind.plural() + " " + sorted(copy);
    return UUID.matcher(TIME.matcher(text.replace(namespace, "<ns>")).replaceAll("<time>"))
        .replaceAll("<uid>");
  }

  private static void mask(JsonNode node, Set<String> masked) {
    if (node instanceof ObjectNode object) {
      object.remove(masked);
    }
    node.forEach(child -> mask(child, masked));
  }

  /** Fields by name; an empty object is as good as none. */
  private static String sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      Map<String, String> fields = new TreeMap<>();
      object.properties().stream()
          .filter(field -> !(field.getValue().isContainer() && field.getValue().isEmpty()))
          .forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
      return fields.toString();
    }
    if (node instanceof ArrayNode array) {
      return array.valueStream().map(Digest::sorted).toList().toString();
    }
    return node.asString();
  }
}
