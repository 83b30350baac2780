package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.kube.Meta;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which policy a set has: that of the oldest ScaleDownPolicy that names it, whole; else that of its
 * annotations. Stateless.
 */
public final class Policies {

  private static final Comparator<ScaleDownPolicy> OLDEST =
      Comparator.comparing((ScaleDownPolicy p) ->
              Objects.requireNonNullElse(p.metadata().creationTimestamp(), Instant.EPOCH))
          .thenComparing(p -> p.metadata().name());

  private Policies() {}

  /**
   * Returns a set's policy.
   *
   * @param all ScaleDownPolicies, those of other sets and namespaces among them
   */
  public static Policy of(StatefulSet set, Collection<ScaleDownPolicy> all) {
    return inForce(set.metadata(), all)
        .map(policy -> WrittenPolicy.of(set, policy))
        .orElseGet(() -> AnnotatedPolicy.of(set));
  }

  /** Returns the ScaleDownPolicy that counts for a set. */
  static Optional<ScaleDownPolicy> inForce(Meta set, Collection<ScaleDownPolicy> all) {
    List<ScaleDownPolicy> own =
        all.stream()
            .filter(p -> p.spec().statefulSet().equals(set.name()))
            .filter(p -> p.metadata().namespace().equals(set.namespace()))
            .toList();
    return own.stream().min(OLDEST);
  }
}
