package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.scaler.ResourceKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a decision is made on.
 *
 * @param key which set
 * @param set the set; null when there is none
 * @param sets all sets of the namespace
 * @param pods all pods under names of the set's ordinals
 * @param claims all claims under names of the set's ordinals
 * @param records what is known of the set's ordinals
 * @param policies the ScaleDownPolicies that name the set
 * @param freeze what freezes the namespace
 * @param predecessor who holds the predecessor's lock; null when nobody does
 * @param now the time
 */
public record Observed(
    ResourceKey key,
    @Nullable StatefulSet set,
    List<StatefulSet> sets,
    List<SetPod> pods,
    List<Claim> claims,
    List<ScaleDownCleanup> records,
    List<ScaleDownPolicy> policies,
    Optional<Freeze> freeze,
    @Nullable String predecessor,
    Instant now) {

  /** Copies the lists. */
  public Observed {
    sets = List.copyOf(sets);
    pods = List.copyOf(pods);
    claims = List.copyOf(claims);
    records = List.copyOf(records);
    policies = List.copyOf(policies);
  }
}
