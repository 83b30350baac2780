package dev.ebb.cleanup.reconcile;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Lock;
import dev.ebb.cleanup.plan.OrdinalName;
import dev.ebb.runtime.kube.Informer.Change;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.scaler.ResourceKey;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Says which sets a change concerns. Handlers only add keys to queues. Thread-safe. */
public final class Triggers {

  private final Lookout lookout;
  private final Consumer<ResourceKey> keys;

  /**
   * Creates the triggers.
   *
   * @param keys takes the sets that are to be looked at
   */
  public Triggers(Lookout lookout, Consumer<ResourceKey> keys) {
    this.lookout = lookout;
    this.keys = keys;
  }

  /** Starts listening; before the informers are started. */
  public void follow() {
    lookout.sets().onChange(change -> keys.accept(change.any().key()));
    lookout.pods().onChange(this::onPod);
    lookout.claims().onChange(this::onClaim);
    lookout
        .records()
        .onChange(change ->
            keys.accept(
                new ResourceKey(
                    change.any().metadata().namespace(), change.any().spec().statefulSet())));
    lookout.policies().onChange(this::onPolicy);
  }

  private void onPolicy(Change<ScaleDownPolicy> change) {
    Stream.of(
            Optional.ofNullable(change.before()).stream(),
            Optional.ofNullable(change.after()).stream())
        .flatMap(policies -> policies)
        .map(Triggers::setOf)
        .distinct()
        .forEach(keys);
  }

  private static ResourceKey setOf(ScaleDownPolicy policy) {
    return new ResourceKey(policy.metadata().namespace(), policy.spec().statefulSet());
  }

  private void onPod(Change<SetPod> change) {
    Meta meta = change.any().metadata();
    Meta.Owner controller = meta.controller();
    String owner = Lock.owner(meta).orElse(null);
    if (owner != null) {
      keys.accept(new ResourceKey(meta.namespace(), owner));
    } else if (controller != null) {
      boolean set =
          controller.kind().equals("StatefulSet") && controller.apiVersion().startsWith("apps/");
      if (set) {
        keys.accept(new ResourceKey(meta.namespace(), controller.name()));
      }
    } else {
      String name = OrdinalName.withoutOrdinal(meta.name());
      if (!name.isEmpty()) {
        knownSet(new ResourceKey(meta.namespace(), name));
      }
    }
  }

  private void knownSet(ResourceKey key) {
    if (lookout.sets().get(key).isPresent()) {
      keys.accept(key);
    }
  }

  /** A claim's name is a template's, a set's and an ordinal: each dash may be the one between. */
  private void onClaim(Change<Claim> change) {
    Meta meta = change.any().metadata();
    String rest = OrdinalName.withoutOrdinal(meta.name());
    for (int dash = rest.indexOf('-'); dash >= 0; dash = rest.indexOf('-', dash + 1)) {
      knownSet(new ResourceKey(meta.namespace(), rest.substring(dash + 1)));
    }
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
    lookout.sets().list().stream()
        .map(StatefulSet::key)
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(keys);
    // A set that is gone may have left a lock behind.
    lookout.pods().list().stream()
        .filter(pod -> Lock.owner(pod.metadata()).isPresent())
        .map(pod ->
            new ResourceKey(pod.metadata().namespace(), Lock.owner(pod.metadata()).orElse("")))
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(keys);
    lookout.records().list().stream()
        .map(r -> new ResourceKey(r.metadata().namespace(), r.spec().statefulSet()))
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(keys);
    lookout.policies().list().stream()
        .map(Triggers::setOf)
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(keys);
  }
}
