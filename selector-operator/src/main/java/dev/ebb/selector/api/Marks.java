package dev.ebb.selector.api;

import dev.ebb.runtime.kube.Ebb;

/** The annotations by which a Service remembers what was done with it, and is steered. */
public final class Marks {

  /** The label that a StatefulSet puts on its pods, and the key that is set in selectors. */
  public static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

  /** The label that says which one of its set a pod is. */
  public static final String POD_INDEX = "apps.kubernetes.io/pod-index";

  /** The pool that a Service belongs to. */
  public static final String POOL = Ebb.key("service-pool");

  /** The pod that was written into the selector. */
  public static final String POD = Ebb.key("assigned-pod");

  /** When that was. */
  public static final String MOVED = Ebb.key("assigned-at");

  /** The pod that a Service had to leave, and when. */
  public static final String HOME = Ebb.key("home-pod");

  /** What the selector's key said before; empty when it was not there. */
  public static final String BEFORE = Ebb.key("selector-before");

  /** {@code false} keeps a Service out; {@code true} lets in what is refused otherwise. */
  public static final String MANAGED = Ebb.key("managed");

  /** How much a Service asks of a pod, or a pod takes, beside the others. */
  public static final String WEIGHT = Ebb.key("weight");

  /** Who writes the slices of Services that have no selector. */
  public static final String SLICES = "selector-operator." + Ebb.GROUP;

  private Marks() {}
}
