package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.Informer.Change;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.api.Hpa;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says which ServiceScalers a change concerns. Handlers only add keys to queues. Thread-safe. */
public final class Triggers {

  private final Lookout lookout;
  private final Consumer<ResourceKey> keys;

  /**
   * Creates the triggers.
   *
   * @param keys takes what is to be looked at: an HPA and its ServiceScaler have the same name
   */
  public Triggers(Lookout lookout, Consumer<ResourceKey> keys) {
    this.lookout = lookout;
    this.keys = keys;
  }

  /** Starts listening; before the informers are started. */
  public void follow() {
    lookout.scalers().onChange(change -> keys.accept(change.any().key()));
    lookout.hpas().onChange(this::onHpa);
  }

  private void onHpa(Change<Hpa> change) {
    Hpa hpa = change.any();
    if (concerns(hpa.key(), hpa) && !same(change.before(), change.after())) {
      keys.accept(hpa.key());
    }
  }

  private boolean concerns(ResourceKey key, Hpa hpa) {
    return lookout.scalers().get(key).isPresent()
        || hpa.metadata().annotations().containsKey(Hpa.SAVED);
  }

  /** The HPA's own controller writes its status every few seconds. */
  private static boolean same(@Nullable Hpa before, @Nullable Hpa after) {
    return before != null
        && after != null
        && before.spec().equals(after.spec())
        && before.metadata().deleting() == after.metadata().deleting()
        && before.metadata().annotations().equals(after.metadata().annotations())
        && before.metadata().ownerReferences().equals(after.metadata().ownerReferences());
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
    lookout.scalers().list().stream()
        .map(scaler -> scaler.key())
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(keys);
    lookout.hpas().list().stream()
        .filter(hpa -> hpa.metadata().annotations().containsKey(Hpa.SAVED))
        .map(hpa -> hpa.key())
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(keys);
  }
}
