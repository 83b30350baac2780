package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Node.Taint;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to a buffer, and how it is told.
 *
 * @param buffer the buffer's namespace and name, as in the annotation of nodes that it marked
 * @param nodes which nodes, by their labels
 * @param servers which pods the buffer is for, by their labels
 * @param kept which of those must not be ended; null for all
 * @param others which pods are other buffers' servers that must not be ended
 * @param tolerations which taints do not keep servers away
 * @param kubescaler whether nodes that kubescaler cordoned are the buffer's own
 */
public record Belonging(
    String buffer,
    Predicate<Map<String, String>> nodes,
    Predicate<Map<String, String>> servers,
    @Nullable Predicate<Map<String, String>> kept,
    Predicate<Map<String, String>> others,
    List<Toleration> tolerations,
    boolean kubescaler) {

  /** Copies the list. */
  public Belonging {
    tolerations = List.copyOf(tolerations);
  }

  /** Returns the same that ends none of other buffers' servers either. */
  public Belonging sparing(Predicate<Map<String, String>> more) {
    return new Belonging(buffer, nodes, servers, kept, others.or(more), tolerations, kubescaler);
  }

  /** Returns whether a pod with such labels is a server that must not be ended. */
  public boolean keeps(Map<String, String> labels) {
    return servers.test(labels) && (kept == null || kept.test(labels));
  }

  /**
   * What servers do not mind, as in a pod's spec.
   *
   * @param key a taint's key; empty for all, with {@code Exists}
   * @param operator {@code Exists}, or {@code Equal}
   * @param value the value, for {@code Equal}
   * @param effect an effect; empty for all
   */
  public record Toleration(String key, String operator, String value, String effect) {

    /** Tolerates everything. */
    public static final Toleration ALL = new Toleration("", "Exists", "", "");

    boolean covers(Taint taint) {
      if (!effect.isEmpty() && !effect.equals(taint.effect())) {
        return false;
      }
      if (operator.equals("Exists")) {
        return key.isEmpty() || key.equals(taint.key());
      }
      String has = taint.value() == null ? "" : taint.value();
      return key.equals(taint.key()) && value.equals(has);
    }
  }

  boolean tolerates(Taint taint) {
    return tolerations.stream().anyMatch(toleration -> toleration.covers(taint));
  }
}
