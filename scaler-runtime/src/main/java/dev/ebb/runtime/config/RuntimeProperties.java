package dev.ebb.runtime.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What every service of Ebb can be told.
 *
 * @param service the service's name, as in {@code autoscaler}; names the field manager and the
 *     Lease
 * @param kubeconfig a kubeconfig file; null means the pod's service account, or else the file that
 *     KUBECONFIG names
 * @param watchNamespaces the namespaces to look at; empty for all
 * @param metricsAnonymous whether Prometheus may scrape without a token
 * @param internalAccounts the user names that may call {@code /internal/}
 * @param cacheSyncTimeout how long the caches may take to be filled before the process ends
 * @param reconcileDeadline how long one reconcile may take before it is interrupted
 * @param pod who this replica is
 */
@ConfigurationProperties("ebb")
public record RuntimeProperties(
    String service,
    @Nullable String kubeconfig,
    @DefaultValue List<String> watchNamespaces,
    @DefaultValue("true") boolean metricsAnonymous,
    @DefaultValue List<String> internalAccounts,
    @DefaultValue("2m") Duration cacheSyncTimeout,
    @DefaultValue("2m") Duration reconcileDeadline,
    @DefaultValue Pod pod) {

  /** Returns the one namespace to watch, or null: several are watched as all. */
  public @Nullable String watchedNamespace() {
    return watchNamespaces.size() == 1 ? watchNamespaces.getFirst() : null;
  }

  /**
   * Who this replica is, from the downward API.
   *
   * @param name the pod's name
   * @param namespace the pod's namespace
   * @param uid the pod's UID
   * @param ip the pod's address
   */
  public record Pod(
      @DefaultValue("local") String name,
      @DefaultValue("default") String namespace,
      @DefaultValue("local") String uid,
      @DefaultValue("127.0.0.1") String ip) {}
}
