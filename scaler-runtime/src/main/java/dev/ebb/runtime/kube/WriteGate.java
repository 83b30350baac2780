package dev.ebb.runtime.kube;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Is asked before every write of a {@link KubeClient}, whoever sends it. Thread-safe. */
@FunctionalInterface
public interface WriteGate {

  /** Lets everything through. */
  WriteGate OPEN = (write, live) -> {};

  /**
   * A write that is about to be sent.
   *
   * @param method POST, PATCH or DELETE
   * @param path the URL's path
   * @param body what is sent; null for nothing
   */
  record Write(String method, String path, @Nullable Object body) {}

  /**
   * Lets a write pass, or does not.
   *
   * @param live reads what is at a path now; blocks
   * @throws KubeException when it must not be sent
   */
  void check(Write write, Function<String, JsonNode> live);
}
