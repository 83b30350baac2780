package dev.ebb.cleanup.api;

import dev.ebb.runtime.kube.Ebb;

/**
 * The names under which cleanups appear on other people's objects. Those of {@code
 * statefulset-scaledown-controller} are kept, so that its users change nothing; what is new lies
 * under Ebb's own prefix.
 */
public final class Names {

  /** On a StatefulSet: the pod that cleans up, as JSON or YAML. */
  public static final String TEMPLATE = "statefulsets.kubernetes.io/scaledown-pod-template";

  /** The same up to version 0.5 of the predecessor. */
  public static final String OLD_TEMPLATE = "statefulsets.kubernetes.io/drainer-pod-template";

  /** On a cleanup pod: the name of its StatefulSet. */
  public static final String OWNER = "statefulsets.kubernetes.io/scaledown-pod-owner";

  /** The same up to version 0.5 of the predecessor. */
  public static final String OLD_OWNER = "statefulsets.kubernetes.io/drainer-pod-owner";

  /** A cleanup pod's label; its value is the pod's name. */
  public static final String LABEL = "scaledown-pod";

  /** Keeps a StatefulSet that is deleted until its ordinals are cleaned up. */
  public static final String FINALIZER = "statefulsets.kubernetes.io/scaledown";

  /** On a cleanup pod: the UID of its StatefulSet. */
  public static final String SET_UID = Ebb.key("cleanup-set");

  /** On a cleanup pod: the containers that must succeed; others were put in by somebody else. */
  public static final String CONTAINERS = Ebb.key("cleanup-containers");

  /** On a cleanup pod: the UIDs of the claims that were there when it was made. */
  public static final String CLAIMS = Ebb.key("cleanup-claims");

  /** On a cleanup pod: that it succeeded, and for which claims. */
  public static final String SUCCEEDED = Ebb.key("cleanup-succeeded");

  /** On a StatefulSet: when an ordinal last came back, to wake its controller. */
  public static final String RETURNED = Ebb.key("cleanup-returned");

  /** On a StatefulSet: the UIDs of the claims that were left over before there was a template. */
  public static final String BASELINE = Ebb.key("cleanup-baseline");

  /** On a ScaleDownCleanup: what a user asks for; retry, skip or cancel. */
  public static final String REQUEST = Ebb.key("cleanup-request");

  private Names() {}
}
