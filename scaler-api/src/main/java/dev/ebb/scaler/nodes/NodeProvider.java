package dev.ebb.scaler.nodes;

/**
 * A cloud, or whatever else nodes come from. An implementation is found by its type; no annotation
 * is needed. Methods block, are called from several threads, and are told everything that they
 * need: nothing has to be remembered between calls.
 *
 * <p>There is no way to make a pool smaller but to delete a machine by its name. An implementation
 * must not add one: which machine goes would be the cloud's choice, and it may be one with a live
 * server.
 */
public interface NodeProvider {

  /** Returns the name by which users choose this provider. */
  String type();

  /**
   * Reads a pool as it is now.
   *
   * @throws NodeProviderException when it cannot be read
   */
  NodePool read(PoolReference pool);

  /**
   * Makes a pool greater. The size is compared with the cloud's immediately before: a pool that has
   * as many already, or more, stays as it is.
   *
   * @param size how many machines the pool is to have
   * @return the size that the pool has then
   * @throws NodeProviderException when the cloud refuses, or does not answer; then the pool may
   *     have grown all the same, and is read again before anything else
   */
  int grow(PoolReference pool, int size);

  /**
   * Deletes one machine, and makes the pool smaller by it. One that is gone already is no error.
   *
   * @param machine which one, from {@link #read}
   * @param drain whether the cloud is to evict what still runs there
   * @throws NodeProviderException when the cloud refuses, or does not answer
   */
  void delete(PoolReference pool, NodePool.Machine machine, boolean drain);
}
