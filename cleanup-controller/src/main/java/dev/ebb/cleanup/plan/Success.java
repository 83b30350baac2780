package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.SetPod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a cleanup pod says about claims, in annotations: which were there when it was made, and for
 * which it succeeded. The record lies on the lock itself, so that there is none without the other.
 *
 * @param claims names and UIDs
 */
public record Success(Map<String, String> claims) {

  /** Copies the map. */
  public Success {
    claims = Map.copyOf(claims);
  }

  /** Reads the recorded success of a pod; empty when it has none. */
  public static Optional<Success> of(SetPod pod) {
    return Optional.ofNullable(pod.metadata().annotations().get(Names.SUCCEEDED))
        .map(Success::read);
  }

  /**
   * Returns what a pod that has succeeded has succeeded for: the claims that were there when it was
   * made and still are.
   */
  public static Success earned(SetPod pod, List<Claim> claims) {
    String made = pod.metadata().annotations().get(Names.CLAIMS);
    Map<String, String> then = made == null ? Map.of() : read(made).claims();
    return new Success(
        claims.stream()
            .filter(Claim::live)
            .filter(c ->
                made == null
                    ? olderThan(c, pod)
                    : c.metadata().uid().equals(then.get(c.metadata().name())))
            .collect(Collectors.toMap(c -> c.metadata().name(), c -> c.metadata().uid())));
  }

  // The predecessor's pods do not say which claims they found.
  private static boolean olderThan(Claim claim, SetPod pod) {
    return claim.metadata().creationTimestamp() != null
        && pod.metadata().creationTimestamp() != null
        && !claim.metadata().creationTimestamp().isAfter(pod.metadata().creationTimestamp());
  }

  /** Returns whether it is about this very claim. */
  public boolean covers(Claim claim) {
    return claim.metadata().uid().equals(claims.get(claim.metadata().name()));
  }

  /** Returns it as an annotation's value. */
  public String text() {
    return write(claims);
  }

  static String write(Map<String, String> claims) {
    return new TreeMap<>(claims)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
  }

  private static Success read(String text) {
    Map<String, String> claims = new HashMap<>();
    for (String pair : text.split(",", -1)) {
      int at = pair.indexOf('=');
      if (at > 0) {
        claims.put(pair.substring(0, at).strip(), pair.substring(at + 1).strip());
      }
    }
    return new Success(claims);
  }
}
