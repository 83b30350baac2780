package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules that must hold in the moment of a write that cannot be undone, asked with what was just
 * read from the API server. Each answers why not; empty means that nothing speaks against it. Pure.
 */
public final class Safety {

  private Safety() {}

  /**
   * A set as it is now, with its neighbours.
   *
   * @param seen the set that was decided on
   * @param now the set as it was just read; null when it is gone
   * @param all all sets of the namespace as they were just listed
   * @param policies all ScaleDownPolicies of the namespace as they were just listed
   */
  public record Live(
      StatefulSet seen,
      @Nullable StatefulSet now,
      List<StatefulSet> all,
      List<ScaleDownPolicy> policies) {
    /** Copies the lists. */
    public Live {
      all = List.copyOf(all);
      policies = List.copyOf(policies);
    }

    /** Returns the policy that is in force. */
    public Policy policy() {
      return Policies.of(now == null ? seen : now, policies);
    }
  }

  private static Optional<String> changed(Live live) {
    StatefulSet now = live.now();
    if (now == null || !now.metadata().uid().equals(live.seen().metadata().uid())) {
      return Optional.of("the set is gone");
    }
    boolean observed =
        now.metadata().deleting()
            || now.status().observedGeneration() >= now.metadata().generation();
    return observed
        ? Optional.empty()
        : Optional.of("the set's controller has not seen its last change yet");
  }

  /**
   * May a cleanup pod be made?
   *
   * @param pod what has its name now; null for nothing
   * @param claims the ordinal's claims as they are now
   * @param meant what was decided on
   */
  public static Optional<String> start(
      Live live, @Nullable SetPod pod, List<Claim> claims, Step.CreatePod meant) {
    Optional<String> changed = changed(live);
    StatefulSet now = live.now();
    if (changed.isPresent() || now == null) {
      return changed;
    }
    if (now.wants(meant.ordinal())) {
      return Optional.of("the ordinal is wanted again");
    }
    if (now.deletesWhenScaled() && !now.metadata().deleting()) {
      return Optional.of("Kubernetes itself deletes the claims");
    }
    Policy policy = live.policy();
    if (policy.mode() != Mode.Enforce) {
      return Optional.of("the mode is " + policy.mode());
    }
    String template = policy.template();
    if (template == null || !Template.idOf(template).equals(meant.template())) {
      return Optional.of("the template has changed");
    }
    if (pod != null) {
      return Optional.of("there is a pod of that name");
    }
    Map<String, String> there =
        claims.stream()
            .filter(Claim::live)
            .collect(Collectors.toMap(c -> c.metadata().name(), c -> c.metadata().uid()));
    return there.equals(meant.claims())
        ? doubt(live, now, claims)
        : Optional.of("the claims have changed");
  }

  /**
   * May another cleanup pod be made beside those that are there? A cache does not know of one whose
   * making was never answered.
   *
   * @param locks how many there are now
   */
  public static Optional<String> turn(Live live, int locks) {
    StatefulSet now = live.now();
    if (now == null) {
      return Optional.of("the set is gone");
    }
    int most = now.ordered() ? 1 : live.policy().maxParallel();
    return locks < most ? Optional.empty() : Optional.of("others are cleaned up before");
  }

  /**
   * May a claim be deleted?
   *
   * @param pod what has the ordinal's name now; null for nothing
   * @param claim the claim as it is now; null when it is gone
   * @param meant the claim that was decided on
   */
  public static Optional<String> delete(
      Live live, int ordinal, @Nullable SetPod pod, @Nullable Claim claim, Claim meant) {
    Optional<String> changed = changed(live);
    StatefulSet now = live.now();
    if (changed.isPresent() || now == null) {
      return changed;
    }
    Lock lock = Lock.of(pod, now.metadata().name()).orElse(null);
    if (lock == null || lock.stale(now) || lock.pod().metadata().deleting()) {
      return Optional.of("the ordinal's name is not locked");
    }
    if (claim == null || !claim.metadata().uid().equals(meant.metadata().uid())) {
      return Optional.of("the claim is another one");
    }
    if (Success.of(lock.pod()).filter(success -> success.covers(claim)).isEmpty()) {
      return Optional.of("no success is recorded for this claim");
    }
    Policy policy = live.policy();
    if (policy.mode() != Mode.Enforce) {
      return Optional.of("the mode is " + policy.mode());
    }
    if (now.wants(ordinal) && !policy.renew()) {
      return Optional.of("the ordinal is wanted again");
    }
    if (policy.template() == null || policy.keepClaims()) {
      return Optional.of("the claims are to stay");
    }
    return doubt(live, now, List.of(claim));
  }

  private static Optional<String> doubt(Live live, StatefulSet now, List<Claim> claims) {
    return claims.stream()
        .flatMap(claim -> Ownership.doubt(claim, now, live.all()).stream())
        .map(Finding::message)
        .findFirst();
  }

  /**
   * May the finalizer go because nothing is left?
   *
   * @param stays the UIDs of claims that are to stay
   */
  public static Optional<String> letGo(
      StatefulSet now, List<Claim> claims, List<SetPod> pods, Set<String> stays) {
    for (Claim claim : claims) {
      java.util.OptionalInt ordinal = OrdinalName.ofClaim(now, claim.metadata().name());
      boolean open =
          ordinal.isPresent()
              && claim.live()
              && Ownership.doubt(claim, now, List.of(now)).isEmpty()
              && !stays.contains(claim.metadata().uid());
      if (open) {
        return Optional.of("claim " + claim.metadata().name() + " is still there");
      }
    }
    return pods.stream()
        .filter(p -> OrdinalName.after(now.metadata().name(), p.metadata().name()).isPresent())
        .map(p -> "pod " + p.metadata().name() + " is still there")
        .findFirst();
  }
}
