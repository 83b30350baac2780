package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.ScaleDownPolicy.Existing;
import dev.ebb.cleanup.api.ScaleDownPolicy.OnFailure;
import dev.ebb.cleanup.api.ScaleDownPolicy.RequireReady;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with ordinals that a StatefulSet was scaled away from, wherever that is
 * written.
 *
 * @param template the pod that cleans up, as JSON or YAML; null when nothing is to be done
 * @param source where the template stands, for messages, as in {@code annotation x}
 * @param mode whether to act
 * @param backoffLimit how often the containers of one pod may fail
 * @param deadline how long one pod may take; null for any time
 * @param onFailure what becomes of an ordinal whose cleanup failed
 * @param retry how often and how soon a cleanup begins anew
 * @param keepClaims whether claims stay when the cleanup succeeded
 * @param existing what becomes of ordinals that were left over before there was a template
 * @param cleanOnDelete whether all ordinals are cleaned up when the set is deleted
 * @param maxParallel how many ordinals of a Parallel set are cleaned up at once
 * @param requireReady who must be Ready before a cleanup begins
 * @param cleanFirst whether the first ordinal is cleaned up, after which nobody is left
 * @param renew whether an ordinal that came back during its cleanup gets new volumes
 * @param settle how long an ordinal must have been unwanted
 * @param inherit what the cleanup pod takes over from the set's pods where its template says
 *     nothing
 * @param stableName whether the cleanup pod has the host name of the set's pod
 * @param mustSucceed which containers of the template must end with 0; none for all of them
 * @param findings what of it was not understood; that keeps its default
 */
public record Policy(
    @Nullable String template,
    String source,
    Mode mode,
    int backoffLimit,
    @Nullable Duration deadline,
    OnFailure onFailure,
    Retry retry,
    boolean keepClaims,
    Existing existing,
    boolean cleanOnDelete,
    int maxParallel,
    RequireReady requireReady,
    boolean cleanFirst,
    boolean renew,
    Duration settle,
    List<String> inherit,
    boolean stableName,
    List<String> mustSucceed,
    List<Finding> findings) {

  /** How often the containers of one pod may fail if nothing is said. */
  static final int BACKOFF_LIMIT = 6;

  /**
   * How a cleanup begins anew.
   *
   * @param limit how many pods are made with {@link OnFailure#Retry}
   * @param first how long it waits the first time; twice as long each time after
   * @param longest how long it waits at most
   */
  public record Retry(int limit, Duration first, Duration longest) {

    /** If nothing is said. */
    static final Retry USUAL = new Retry(5, Duration.ofSeconds(10), Duration.ofMinutes(5));

    /** Returns how long it waits before the n-th time. */
    Duration pause(int n) {
      Duration pause = first.multipliedBy(1L << Math.clamp(n - 1, 0, 10));
      return pause.compareTo(longest) > 0 ? longest : pause;
    }
  }

  /** What is taken over from the set's pods if nothing is said. */
  public static final List<String> INHERITED =
      List.of(
          "tolerations",
          "nodeSelector",
          "imagePullSecrets",
          "serviceAccountName",
          "securityContext",
          "priorityClassName");

  /** What can be taken over from the set's pods. */
  public static final List<String> INHERITABLE =
      List.of(
          "tolerations",
          "nodeSelector",
          "imagePullSecrets",
          "serviceAccountName",
          "securityContext",
          "priorityClassName",
          "affinity");

  /** Copies the lists. */
  public Policy {
    inherit = List.copyOf(inherit);
    mustSucceed = List.copyOf(mustSucceed);
    findings = List.copyOf(findings);
  }
}
