package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this process wrote and the watch has not told yet: the versions and deletions that a cache
 * must not fall behind. An entry goes when the watch has passed it, or when it expires: then the
 * watch is believed whatever it says. Bounded. Not thread-safe.
 */
final class OwnWrites {

  /** How long an own write is waited for. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int MOST = 10_000;

  /** One write: of a version, or the deletion of a UID. */
  private record Write(
      @Nullable ResourceVersion version, @Nullable String deletedUid, Instant at) {}

  private final InstantSource clock;
  private final Map<ResourceKey, Write> writes = new LinkedHashMap<>();
  private long expired;

  OwnWrites(InstantSource clock) {
    this.clock = clock;
  }

  /** Remembers that an object was written. */
  void wrote(ResourceKey key, ResourceVersion version) {
    put(key, new Write(version, null, clock.instant()));
  }

  /** Remembers that an object was deleted. */
  void deleted(ResourceKey key, String uid) {
    put(key, new Write(null, uid, clock.instant()));
  }

  private void put(ResourceKey key, Write write) {
    expire();
    // The oldest come first, so a write that is renewed goes to the end.
    writes.remove(key);
    writes.put(key, write);
    if (writes.size() > MOST) {
      writes.remove(writes.keySet().iterator().next());
      expired++;
    }
  }

  /** Returns whether what the watch or a list says of an object is older than the own write. */
  boolean outdates(ResourceKey key, ResourceVersion told, String uid) {
    expire();
    Write write = writes.get(key);
    if (write == null) {
      return false;
    }
    ResourceVersion version = write.version();
    return version == null ? uid.equals(write.deletedUid()) : told.olderThan(version);
  }

  /** Returns whether an object was written after a version: who is at it does not know of it. */
  boolean after(ResourceKey key, ResourceVersion reached) {
    expire();
    Write write = writes.get(key);
    ResourceVersion version = write == null ? null : write.version();
    return version != null && reached.olderThan(version);
  }

  /** Forgets the write of an object: the watch has passed it. */
  void passed(ResourceKey key) {
    writes.remove(key);
  }

  /** Forgets all versions that the watch has passed. */
  void passed(ResourceVersion seen) {
    writes
        .values()
        .removeIf(write -> {
          ResourceVersion version = write.version();
          return version != null && !seen.olderThan(version);
        });
  }

  /** Forgets the deletions of all objects that a list does not know. */
  void gone(Set<String> listedUids) {
    writes
        .values()
        .removeIf(write -> {
          String uid = write.deletedUid();
          return uid != null && !listedUids.contains(uid);
        });
  }

  /** Forgets everything. */
  void clear() {
    writes.clear();
  }

  /** Returns how many writes are waited for. */
  int size() {
    expire();
    return writes.size();
  }

  /** Returns how many writes were never told by the watch. */
  long expired() {
    expire();
    return expired;
  }

  private void expire() {
    Instant before = clock.instant().minus(PATIENCE);
    for (Iterator<Write> all = writes.values().iterator(); all.hasNext(); ) {
      if (all.next().at().isAfter(before)) {
        return;
      }
      all.remove();
      expired++;
    }
  }
}
