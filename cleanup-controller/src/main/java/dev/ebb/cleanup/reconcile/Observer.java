package dev.ebb.cleanup.reconcile;

import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Observed;
import dev.ebb.cleanup.plan.OrdinalName;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.scaler.ResourceKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Collects from the caches what a decision about one set is made on. Thread-safe. */
public final class Observer {

  private final Lookout lookout;
  private final Freezes freezes;
  private final Predecessor predecessor;
  private final InstantSource clock;

  /** Creates an observer. */
  public Observer(Lookout lookout, Freezes freezes, Predecessor predecessor, InstantSource clock) {
    this.lookout = lookout;
    this.freezes = freezes;
    this.predecessor = predecessor;
    this.clock = clock;
  }

  /** Observes one set, or what is left of one that is gone. */
  public Observed observe(ResourceKey key) {
    Optional<StatefulSet> set = lookout.sets().get(key);
    String name = key.name();
    String namespace = key.namespace();
    return new Observed(
        key,
        set.orElse(null),
        lookout.sets().inNamespace(namespace).toList(),
        lookout
            .pods()
            .inNamespace(namespace)
            .filter(p -> OrdinalName.after(name, p.metadata().name()).isPresent())
            .toList(),
        set.isEmpty()
            ? List.of()
            : lookout
                .claims()
                .inNamespace(namespace)
                .filter(c -> OrdinalName.ofClaim(set.get(), c.metadata().name()).isPresent())
                .toList(),
        lookout
            .records()
            .inNamespace(namespace)
            .filter(r -> r.spec().statefulSet().equals(name))
            .toList(),
        lookout
            .policies()
            .inNamespace(namespace)
            .filter(p -> p.spec().statefulSet().equals(name))
            .toList(),
        freezes.of(namespace),
        predecessor.active(clock.instant()).orElse(null),
        clock.instant());
  }
}
