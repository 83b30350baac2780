package dev.ebb.cleanup.reconcile;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that the cleanup-controller watches. Thread-safe. */
public final class Lookout implements AutoCloseable {

  private final Informer<StatefulSet> sets;
  private final Informer<SetPod> pods;
  private final Informer<Claim> claims;
  private final Informer<ScaleDownCleanup> records;
  private final Informer<ScaleDownPolicy> policies;

  /**
   * Creates the informers; none is started.
   *
   * @param namespace the only namespace to look at; null for all
   */
  public Lookout(KubeClient client, @Nullable String namespace, InstantSource clock) {
    this.sets = new Informer<>(client, StatefulSet.TYPE, namespace, Map.of(), clock);
    this.pods = new Informer<>(client, SetPod.TYPE, namespace, Map.of(), clock);
    this.claims = new Informer<>(client, Claim.TYPE, namespace, Map.of(), clock);
    this.records = new Informer<>(client, ScaleDownCleanup.TYPE, namespace, Map.of(), clock);
    this.policies = new Informer<>(client, ScaleDownPolicy.TYPE, namespace, Map.of(), clock);
  }

  /** Returns the informer of StatefulSets. */
  public Informer<StatefulSet> sets() {
    return sets;
  }

  /** Returns the informer of pods. */
  public Informer<SetPod> pods() {
    return pods;
  }

  /** Returns the informer of claims. */
  public Informer<Claim> claims() {
    return claims;
  }

  /** Returns the informer of ScaleDownCleanups. */
  public Informer<ScaleDownCleanup> records() {
    return records;
  }

  /** Returns the informer of ScaleDownPolicies. */
  public Informer<ScaleDownPolicy> policies() {
    return policies;
  }

  /** Returns all informers. */
  public List<Informer<?>> informers() {
    return List.of(sets, pods, claims, records, policies);
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
  }
}
