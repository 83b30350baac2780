package dev.ebb.runtime.kube;

/** The names under which Ebb appears in the Kubernetes API. */
public final class Ebb {

  /** The API group of Ebb's own resources, and the prefix of its annotations and labels. */
  public static final String GROUP = "ebb.dev";

  /** The version of Ebb's own resources. */
  public static final String VERSION = "v1alpha1";

  private Ebb() {}

  /**
   * Returns a label, annotation or finalizer key of Ebb's.
   *
   * @param name the part after the slash
   */
  public static String key(String name) {
    return GROUP + "/" + name;
  }
}
