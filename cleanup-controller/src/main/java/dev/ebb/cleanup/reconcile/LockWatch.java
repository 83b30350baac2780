package dev.ebb.cleanup.reconcile;

import dev.ebb.cleanup.api.LeaderLock;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches the predecessor's lock, whatever its kind: two controllers that clean up after the same
 * sets would delete each other's pods. Thread-safe.
 */
public final class LockWatch implements Predecessor, AutoCloseable {

  private final List<Informer<LeaderLock>> locks;

  /**
   * Creates the informers; none is started.
   *
   * @param namespace the only namespace to look at; null for all
   * @param watch whether to look at all
   */
  public LockWatch(
      KubeClient client, @Nullable String namespace, boolean watch, InstantSource clock) {
    Map<String, String> one = Map.of("fieldSelector", "metadata.name=" + LeaderLock.PREDECESSOR);
    this.locks =
        LeaderLock.TYPES.stream()
            .filter(type -> watch)
            .map(type -> new Informer<>(client, type, namespace, one, clock))
            .toList();
  }

  /** Returns all informers. */
  public Stream<Informer<?>> informers() {
    return locks.stream().map(lock -> lock);
  }

  /** Tells whenever the predecessor begins, goes on, or ends; before the informers are started. */
  public void onChange(Runnable handler) {
    locks.forEach(lock ->
        lock.onChange(change -> {
          if (change.before() == null || change.after() == null) {
            handler.run();
          }
        }));
  }

  @Override
  public Optional<String> active(Instant now) {
    return locks.stream()
        .flatMap(lock -> lock.list().stream())
        .flatMap(lock -> lock.holder(now).stream())
        .findFirst();
  }

  @Override
  public void close() {
    locks.forEach(Informer::close);
  }
}
