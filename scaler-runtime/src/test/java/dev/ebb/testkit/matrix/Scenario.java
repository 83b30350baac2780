package dev.ebb.testkit.matrix;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.testkit.proxy.Match;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
   * Returns the fields that tell how the end came about, and not what it is: they may differ from a
   * run without faults.
   */
  default Set<String> history() {
    return Set.of();
  }

  /**
   * Returns which writes are the effects: whatever happens, each must be done as often as without
   * faults, unless somebody undid it.
   */
  Match effects();

  /**
   * Returns whether the story comes to the same end when another object is put in the place of one
   * of these just before the first write to it (row 4). Where it does not, the new one must be left
   * alone.
   *
   * @param resource the plural name of objects of others
   */
  default boolean replaced(String resource) {
    return true;
  }

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

  /**
   * Returns objects that the definitions refuse today and an older, looser one let in (row 16);
   * empty leaves the row out.
   */
  default Optional<Invalid> invalid() {
    return Optional.empty();
  }

  /** Objects of the service's own kinds that make no sense. */
  interface Invalid {
    /** Returns the names of the definitions that have to be loosened; empty for none. */
    List<String> definitions();

    /** Stores them; done again when it fails because the looser definition is not in force yet. */
    void store(World world);

    /** Asserts that each is told what is wrong with it; asked until it holds. */
    void told(World world);
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
