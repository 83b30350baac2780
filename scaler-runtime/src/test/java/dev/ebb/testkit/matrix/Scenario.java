package dev.ebb.testkit.matrix;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.testkit.proxy.Match;
import java.util.List;
import java.util.Optional;
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

  /**
   * Returns who undoes an effect (the action, done again and again after the first act), and that
   * this is told (row 14); empty leaves the row out.
   */
  default Optional<Act> foreign() {
    return Optional.empty();
  }

  /**
   * Returns who deletes the service's own object of the first act (the action, without waiting),
   * and that nothing of it is left then (row 15); empty leaves the row out.
   */
  default Optional<Act> released() {
    return Optional.empty();
  }

  /** Returns how many objects are made at once (row 17); empty leaves the row out. */
  default Optional<Many> many() {
    return Optional.empty();
  }

  /** Many of the service's own objects. */
  interface Many {
    /** Returns the name of one of them. */
    String name(int number);

    /** Makes so many, numbered from 0. */
    void create(World world, int count);

    /** Returns whether the service has done with one what it should. */
    boolean done(World world, int number);
  }

  /** Ends what the scenario itself keeps running. */
  @Override
  default void close() {}
}
