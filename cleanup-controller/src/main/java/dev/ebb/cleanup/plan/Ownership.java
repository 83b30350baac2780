package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.kube.Meta;
import java.util.Collection;
import java.util.Optional;

/**
 * Whose a claim is. A name alone proves nothing: set {@code c} with the template {@code a-b} and
 * set {@code b-c} with the template {@code a} give their claims the same names. Stateless.
 */
public final class Ownership {

  private Ownership() {}

  /**
   * Returns why a claim, which has the right name, is not certainly a set's; empty when it is.
   *
   * @param sets all StatefulSets of the namespace
   */
  public static Optional<Finding> doubt(
      Claim claim, StatefulSet set, Collection<StatefulSet> sets) {
    Meta meta = claim.metadata();
    Meta.Owner controller = meta.controller();
    boolean owned =
        meta.ownerReferences().stream().anyMatch(o -> o.uid().equals(set.metadata().uid()));
    if (controller != null && !controller.uid().equals(set.metadata().uid())) {
      return Optional.of(
          Finding.warning(
              "AmbiguousClaim",
              "claim %s is left alone: it belongs to %s %s"
                  .formatted(meta.name(), controller.kind(), controller.name())));
    }
    Optional<StatefulSet> other =
        sets.stream()
            .filter(s -> !s.metadata().name().equals(set.metadata().name()))
            .filter(s -> OrdinalName.ofClaim(s, meta.name()).isPresent())
            .findFirst();
    if (other.isPresent()) {
      return Optional.of(
          Finding.warning(
              "AmbiguousClaim",
              "claim %s is left alone: StatefulSet %s has claims of the same name; rename a claim"
                      .formatted(meta.name(), other.get().metadata().name())
                  + " template of one of the two"));
    }
    if (!owned && !meta.labels().entrySet().containsAll(set.claimLabels().entrySet())) {
      return Optional.of(
          Finding.warning(
              "AmbiguousClaim",
              "claim %s is left alone: it has not the labels that StatefulSet %s gives its claims;"
                      .formatted(meta.name(), set.metadata().name())
                  + " if it is the set's, label it with "
                  + set.claimLabels()));
    }
    return Optional.empty();
  }
}
