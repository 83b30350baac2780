package dev.ebb.runtime.model;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a part of a resource whatever stands in it: values of a wrong type or out of range are left
 * out and named. A resource that cannot be decoded would otherwise keep the list of all resources
 * from being read, and what is left out silently would mean its default. Stateless.
 */
public final class Lenient {

  private Lenient() {}

  /**
   * Reads, and leaves out each field of the part in which anything makes no sense.
   *
   * @param name the part's name, as in {@code spec}
   * @param left takes the names of what is left out
   */
  public static <T> T fields(
      DeserializationContext context,
      JsonNode node,
      String name,
      Class<T> type,
      List<String> left) {
    return read(context, node, name, type, left, 1);
  }

  /**
   * Reads, and leaves out each single value that makes no sense, however deep it lies.
   *
   * @param name the part's name, as in {@code spec}
   * @param left takes the names of what is left out
   */
  public static <T> T values(
      DeserializationContext context,
      JsonNode node,
      String name,
      Class<T> type,
      List<String> left) {
    return read(context, node, name, type, left, Integer.MAX_VALUE);
  }

  private static <T> T read(
      DeserializationContext context,
      JsonNode node,
      String name,
      Class<T> type,
      List<String> left,
      int depth) {
    ObjectNode part;
    if (node instanceof ObjectNode object) {
      part = object;
    } else {
      part = JsonNodeFactory.instance.objectNode();
      if (!node.isNull()) {
        left.add(name);
      }
    }
    while (true) {
      try {
        return context.readTreeAsValue(part, type);
      } catch (JacksonException e) {
        List<Reference> path = e.getPath();
        List<Reference> leading = path.subList(0, Math.min(depth, path.size()));
        // What has no name cannot be left out; each turn leaves one value less.
        if (leading.isEmpty() || !leaveOut(part, leading)) {
          throw e;
        }
        left.add(name + text(leading));
      }
    }
  }

  private static boolean leaveOut(JsonNode part, List<Reference> path) {
    JsonNode parent = part;
    for (Reference step : path.subList(0, path.size() - 1)) {
      parent =
          step.getPropertyName() == null
              ? parent.path(step.getIndex())
              : parent.path(step.getPropertyName());
    }
    Reference last = path.getLast();
    if (parent instanceof ObjectNode object) {
      return object.remove(last.getPropertyName()) != null;
    }
    if (parent instanceof ArrayNode array && !array.path(last.getIndex()).isNull()) {
      array.setNull(last.getIndex());
      return true;
    }
    return false;
  }

  private static String text(List<Reference> path) {
    StringBuilder text = new StringBuilder();
    for (Reference step : path) {
      if (step.getPropertyName() == null) {
        text.append('[').append(step.getIndex()).append(']');
      } else {
        text.append('.').append(step.getPropertyName());
      }
    }
    return text.toString();
  }
}
