package dev.ebb.runtime.kube;

import dev.ebb.runtime.kube.Informer.Change;
import dev.ebb.runtime.kube.Informer.Handler;
import dev.ebb.scaler.ResourceKey;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of an informer. Three things hold at any time:
 *
 * <ul>
 *   <li>an object never goes back: what is told of it is taken only if it is not older than what is
 *       cached, or than what this process wrote;
 *   <li>an own write is in the cache before the writer goes on, unless the watch was quicker;
 *   <li>a change is told to each handler once, one at a time, in the order of versions.
 * </ul>
 *
 * <p>Reads do not wait. Thread-safe.
 *
 * @param <T> an immutable record of the object
 */
final class ObjectCache<T extends KubeObject> {

  private static final Logger log = LoggerFactory.getLogger(ObjectCache.class);

  private final String what;
  private final Map<ResourceKey, T> objects = new ConcurrentHashMap<>();
  private final List<Handler<T>> handlers = new CopyOnWriteArrayList<>();
  private final OwnWrites writes;
  private ResourceVersion seen = ResourceVersion.NONE;

  /** Creates an empty cache of some kind of object. */
  ObjectCache(String what, InstantSource clock) {
    this.what = what;
    this.writes = new OwnWrites(clock);
  }

  void onChange(Handler<T> handler) {
    handlers.add(handler);
  }

  Optional<T> get(ResourceKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  Collection<T> list() {
    return List.copyOf(objects.values());
  }

  /** Returns the objects without copying them: whoever reads on sees what changes meanwhile. */
  Stream<T> stream() {
    return objects.values().stream();
  }

  int size() {
    return objects.size();
  }

  /** Returns the latest version that a list or the watch told. */
  synchronized ResourceVersion seen() {
    return seen;
  }

  synchronized int pending() {
    return writes.size();
  }

  synchronized long expired() {
    return writes.expired();
  }

  /** The watch has told everything up to a version. */
  synchronized void reached(ResourceVersion version) {
    seen = seen.or(version);
    writes.passed(seen);
  }

  /** The watch tells of an object that is there. */
  synchronized void changed(T object) {
    take(object);
    reached(version(object));
  }

  /** The watch tells of an object that is gone. */
  synchronized void gone(T last) {
    ResourceKey key = last.key();
    T cached = objects.get(key);
    // A UID that is gone never comes back; another one that was written since stays.
    boolean same = cached != null && cached.metadata().uid().equals(last.metadata().uid());
    if (same || !writes.after(key, version(last))) {
      writes.passed(key);
      remove(key);
    }
    reached(version(last));
  }

  /**
   * Takes a list in.
   *
   * @param anew whether to believe it even where it goes back in time
   */
  synchronized void replace(List<T> items, ResourceVersion version, boolean anew) {
    if (anew) {
      writes.clear();
      seen = ResourceVersion.NONE;
    }
    Set<ResourceKey> missing = new HashSet<>(objects.keySet());
    Set<String> uids = new HashSet<>();
    for (T item : items) {
      missing.remove(item.key());
      uids.add(item.metadata().uid());
      if (anew) {
        put(item);
      } else {
        take(item);
      }
    }
    writes.gone(uids);
    missing.stream().filter(key -> !writes.after(key, version)).forEach(this::remove);
    reached(version);
  }

  /** This process wrote an object. */
  synchronized void wrote(T answer) {
    ResourceVersion version = version(answer);
    if (seen.olderThan(version)) {
      writes.wrote(answer.key(), version);
      put(answer);
    }
  }

  /** This process deleted an object, and it is gone. */
  synchronized void deleted(Meta last) {
    objects.values().stream()
        .filter(object -> object.metadata().uid().equals(last.uid()))
        .findFirst()
        .ifPresent(object -> {
          writes.deleted(object.key(), last.uid());
          remove(object.key());
        });
  }

  /** This process wrote an object, and will see it in this version or a later one. */
  synchronized void expect(ResourceKey key, ResourceVersion version) {
    if (seen.olderThan(version)) {
      writes.wrote(key, version);
    }
  }

  /** Returns whether an object is cached in an older version than this process wrote. */
  synchronized boolean behind(ResourceKey key) {
    T cached = objects.get(key);
    return writes.after(key, cached == null ? ResourceVersion.NONE : version(cached));
  }

  private void take(T object) {
    ResourceKey key = object.key();
    if (writes.outdates(key, version(object), object.metadata().uid())) {
      return;
    }
    T cached = objects.get(key);
    if (cached != null && version(object).olderThan(version(cached))) {
      return;
    }
    writes.passed(key);
    put(object);
  }

  private void put(T object) {
    T before = objects.put(object.key(), object);
    if (before == null || !version(before).equals(version(object))) {
      tell(new Change<>(before, object));
    }
  }

  private void remove(ResourceKey key) {
    T before = objects.remove(key);
    if (before != null) {
      tell(new Change<>(before, null));
    }
  }

  private void tell(Change<T> change) {
    for (Handler<T> handler : handlers) {
      try {
        handler.onChange(change);
      } catch (RuntimeException e) {
        log.error("a handler of {} failed on {}", what, change.any().key(), e);
      }
    }
  }

  private static ResourceVersion version(KubeObject object) {
    return new ResourceVersion(object.metadata().resourceVersion());
  }
}
