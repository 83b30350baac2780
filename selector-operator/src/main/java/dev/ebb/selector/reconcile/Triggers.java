package dev.ebb.selector.reconcile;

import dev.ebb.runtime.kube.Informer.Change;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.plan.Pool;
import dev.ebb.selector.plan.Published;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says which pools a change concerns. Handlers only add keys to queues. Thread-safe. */
public final class Triggers {

  private final Lookout lookout;
  private final Consumer<ResourceKey> keys;

  /**
   * Creates the triggers.
   *
   * @param keys takes the pools that are to be looked at
   */
  public Triggers(Lookout lookout, Consumer<ResourceKey> keys) {
    this.lookout = lookout;
    this.keys = keys;
  }

  /** Starts listening; before the informers are started. */
  public void follow() {
    lookout
        .pools()
        .onChange(change -> {
          keys.accept(change.any().key());
          // What one pool wants more or less, another may get or lose.
          pools(change.any().metadata().namespace(), pool -> true);
        });
    lookout.services().onChange(this::onService);
    lookout.pods().onChange(this::onPod);
    lookout.sets().onChange(this::onSet);
    lookout.published().onChange(this::onPublished);
    lookout
        .slices()
        .onChange(change -> {
          String pool = change.any().metadata().labels().get(Marks.POOL);
          if (pool != null) {
            keys.accept(new ResourceKey(change.any().metadata().namespace(), pool));
          }
        });
  }

  private void onPublished(Change<EndpointSlice> change) {
    if (!serving(change.before()).equals(serving(change.after()))) {
      pools(change.any().metadata().namespace(), pool -> true);
    }
  }

  private static Set<String> serving(@Nullable EndpointSlice slice) {
    return slice == null ? Set.of() : Published.serving(slice);
  }

  private void onService(Change<Service> change) {
    Service before = change.before();
    Service after = change.after();
    if (before != null
        && after != null
        && before.spec().equals(after.spec())
        && before.metadata().annotations().equals(after.metadata().annotations())
        && before.metadata().labels().equals(after.metadata().labels())
        && before.metadata().deleting() == after.metadata().deleting()) {
      return;
    }
    Service any = change.any();
    String marked = any.metadata().annotations().get(Marks.POOL);
    if (marked != null) {
      keys.accept(new ResourceKey(any.metadata().namespace(), marked));
    }
    pools(any.metadata().namespace(), pool -> means(pool, before) || means(pool, after));
  }

  private static boolean means(Pool pool, @Nullable Service service) {
    return service != null && pool.means(service.metadata().name(), service.metadata().labels());
  }

  private void onPod(Change<Pod> change) {
    Pod before = change.before();
    Pod after = change.after();
    if (!Objects.equals(seen(before), seen(after))) {
      pools(change.any().metadata().namespace(), pool -> means(pool, before) || means(pool, after));
    }
  }

  private static boolean means(Pool pool, @Nullable Pod pod) {
    return pod != null && pool.meansPod(pod.metadata());
  }

  private record Seen(
      String uid,
      boolean ready,
      boolean deleting,
      boolean finished,
      Object ips,
      Object labels,
      Object notes) {}

  private static @Nullable Seen seen(@Nullable Pod pod) {
    return pod == null
        ? null
        : new Seen(
            pod.metadata().uid(),
            pod.condition("Ready"),
            pod.metadata().deleting(),
            pod.finished(),
            pod.status().podIPs(),
            pod.metadata().labels(),
            pod.metadata().annotations());
  }

  private void onSet(Change<Workload> change) {
    Workload before = change.before();
    Workload after = change.after();
    if (before == null
        || after == null
        || before.replicas() != after.replicas()
        || before.firstOrdinal() != after.firstOrdinal()
        || before.metadata().deleting() != after.metadata().deleting()) {
      String set = change.any().metadata().name();
      pools(
          change.any().metadata().namespace(),
          pool -> pool.statefulSet().isEmpty() || pool.statefulSet().equals(set));
    }
  }

  private void pools(String namespace, Predicate<Pool> concerned) {
    lookout
        .all()
        .filter(pool -> pool.key().namespace().equals(namespace))
        .filter(concerned)
        .map(Pool::key)
        .forEach(keys);
  }

  /** Adds everything, for who begins to lead. */
  public void addAll() {
    addAll("");
  }

  /**
   * Adds what lies in a namespace, when a freeze begins or ends.
   *
   * @param namespace where; empty for everywhere
   */
  public void addAll(String namespace) {
    lookout
        .all()
        .map(Pool::key)
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(keys);
    lookout.services().list().stream()
        .filter(s -> s.metadata().annotations().containsKey(Marks.POOL))
        .map(s ->
            new ResourceKey(
                s.metadata().namespace(), s.metadata().annotations().getOrDefault(Marks.POOL, "")))
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(keys);
  }
}
