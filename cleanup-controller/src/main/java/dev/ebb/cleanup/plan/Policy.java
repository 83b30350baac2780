package dev.ebb.cleanup.plan;

import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with ordinals that a StatefulSet was scaled away from, wherever that is
 * written.
 *
 * @param template the pod that cleans up, as JSON or YAML; null when nothing is to be done
 * @param source where the template stands, for messages
 * @param mode whether to act
 * @param backoffLimit how often the containers of one pod may fail
 * @param deadline how long one pod may take; null for any time
 * @param onFailure what becomes of an ordinal whose cleanup failed
 * @param retryLimit how many pods are made with {@link OnFailure#RETRY}
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
 * @param findings what of it was not understood; that keeps its default
 */
public record Policy(
    @Nullable String template,
    String source,
    Mode mode,
    int backoffLimit,
    @Nullable Duration deadline,
    OnFailure onFailure,
    int retryLimit,
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
    List<Finding> findings) {

  /** What becomes of an ordinal whose cleanup failed. */
  public enum OnFailure {
    /** The pod stays to be looked at, and everything waits for somebody. */
    HOLD,
    /** A new pod, after a while. */
    RETRY,
    /** The pod goes, the claims stay. */
    RELEASE
  }

  /** What becomes of ordinals that were left over before. */
  public enum Existing {
    /** They are cleaned up. */
    CLEAN,
    /** They stay. */
    IGNORE,
    /** They stay, and are told of. */
    REPORT
  }

  /** Who must be Ready before a cleanup begins. */
  public enum RequireReady {
    /** Nobody. */
    NONE,
    /** The pod of the first ordinal. */
    FIRST,
    /** All pods that are wanted. */
    ALL
  }

  /** What can be taken over from the set's pods. */
  public static final List<String> INHERITABLE =
      List.of(
          "tolerations",
          "nodeSelector",
          "imagePullSecrets",
          "serviceAccountName",
          "securityContext",
          "priorityClassName");

  /** Copies the lists. */
  public Policy {
    inherit = List.copyOf(inherit);
    findings = List.copyOf(findings);
  }
}
