package dev.ebb.localcluster;

/**
 * What cluster is wanted.
 *
 * @param name its name, or empty for one that is made up
 * @param persistent whether it outlives this JVM, until it is stopped by name
 * @param pods whether pods must run; false is content with the control plane
 * @param controllers whether Kubernetes' own controllers run; without them nothing happens to an
 *     object but what the caller does, not even the removal of what is owned by nobody
 * @param audit whether the API server writes an audit log (to its logs folder)
 * @param progress where long steps are reported
 */
public record Options(
    String name,
    boolean persistent,
    boolean pods,
    boolean controllers,
    boolean audit,
    Progress progress) {

  /** A full cluster that ends with this JVM and reports its progress on standard error. */
  public static Options owned() {
    return new Options("", false, true, true, false, Progress.on(System.err, false));
  }

  /** A full cluster of this name that stays until it is stopped. */
  public static Options persistent(String name, Progress progress) {
    return new Options(name, true, true, true, false, progress);
  }

  /** The same with another name. */
  public Options withName(String newName) {
    return new Options(newName, persistent, pods, controllers, audit, progress);
  }

  /** The same with or without pods. */
  public Options withPods(boolean newPods) {
    return new Options(name, persistent, newPods, controllers, audit, progress);
  }

  /** The same with or without Kubernetes' controllers; without them no pods can run. */
  public Options withControllers(boolean newControllers) {
    return new Options(name, persistent, pods && newControllers, newControllers, audit, progress);
  }

  /** The same with or without an audit log. */
  public Options withAudit(boolean newAudit) {
    return new Options(name, persistent, pods, controllers, newAudit, progress);
  }

  /** The same, reporting elsewhere. */
  public Options withProgress(Progress newProgress) {
    return new Options(name, persistent, pods, controllers, audit, newProgress);
  }
}
