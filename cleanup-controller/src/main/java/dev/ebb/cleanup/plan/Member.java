package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownCleanup.Status;
import dev.ebb.cleanup.api.SetPod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that bears one ordinal of a set.
 *
 * @param ordinal which one
 * @param claims its claims in the order of their templates, also those that are being deleted
 * @param doubtful claims under its names of which it is not certain that they are the set's
 * @param pod what has the name of its pod
 * @param lock the same, when it is a cleanup pod
 * @param record what is known; null for nothing
 */
public record Member(
    int ordinal,
    List<Claim> claims,
    List<Finding> doubtful,
    @Nullable SetPod pod,
    @Nullable Lock lock,
    @Nullable ScaleDownCleanup record) {

  /** Copies the lists. */
  public Member {
    claims = List.copyOf(claims);
    doubtful = List.copyOf(doubtful);
  }

  /** Returns the claims that are there to stay. */
  public List<Claim> live() {
    return claims.stream().filter(Claim::live).toList();
  }

  /** Returns whether a claim is being deleted. */
  public boolean going() {
    return claims.stream().anyMatch(claim -> !claim.live());
  }

  /** Returns names and UIDs of the claims that are there to stay. */
  public Map<String, String> uids() {
    return live().stream()
        .collect(Collectors.toMap(c -> c.metadata().name(), c -> c.metadata().uid()));
  }

  /** Returns what is known. */
  public Status status() {
    return record == null ? Status.NONE : record.status();
  }

  /** Returns what a user asks for. */
  public Optional<String> request() {
    return record == null || record.request().isEmpty()
        ? Optional.empty()
        : Optional.of(record.request());
  }
}
