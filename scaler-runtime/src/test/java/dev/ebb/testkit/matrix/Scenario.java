package dev.ebb.testkit.matrix;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.testkit.proxy.Match;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a service does in the fault matrix: a short story that makes it write everything that it can
 * write. Each cell plays it in a world of its own, many at the same time, so that nothing may be
 * kept here that belongs to one world.
 */
public interface Scenario extends AutoCloseable {

  /** Makes known what the whole cluster has to know; once, before all worlds. */
  void define(Cluster cluster);

  /** Returns what the service is told on its command line beyond what every service is told. */
  List<String> arguments(World world);

  /** Makes the objects that are there before the service starts. */
  void prepare(World world);

  /** Returns what happens then, one after the other. */
  List<Act> acts();

  /** Returns the kinds whose objects make up the end state, the service's own first. */
  List<ResourceType<JsonNode>> kinds();

  /**
   * Returns which writes are the effects: whatever happens, each must be done as often as without
   * faults, unless somebody undid it.
   */
  Match effects();

  /** Returns how many controller loops the service has; each may send 20 requests a second. */
  int controllers();

  /** Ends what the scenario itself keeps running. */
  @Override
  default void close() {}
}
