package dev.ebb.runtime.kube;

/**
 * What an informer counts.
 *
 * @param objects how many objects it caches
 * @param ownWrites how many own writes the watch has not told yet
 * @param expiredWrites how many own writes the watch never told in time
 * @param staleLists how many lists were older than what was seen already
 */
public record InformerCounts(int objects, int ownWrites, long expiredWrites, long staleLists) {}
