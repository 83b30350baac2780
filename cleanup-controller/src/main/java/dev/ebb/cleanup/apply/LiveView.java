package dev.ebb.cleanup.apply;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Lock;
import dev.ebb.cleanup.plan.OrdinalName;
import dev.ebb.cleanup.plan.Safety;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.scaler.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads from the API server itself what the rules of safety ask. Blocks. Thread-safe. */
public class LiveView {

  private final KubeClient client;

  /** Creates a view. */
  public LiveView(KubeClient client) {
    this.client = client;
  }

  /** Reads a set with its neighbours and policies. */
  public Safety.Live set(StatefulSet seen) {
    List<StatefulSet> all =
        client.list(StatefulSet.TYPE, seen.metadata().namespace(), Map.of()).items();
    StatefulSet now =
        all.stream()
            .filter(s -> s.metadata().name().equals(seen.metadata().name()))
            .findFirst()
            .orElse(null);
    return new Safety.Live(seen, now, all, policies(seen.metadata().namespace()));
  }

  /** Reads all policies of a namespace. */
  protected List<ScaleDownPolicy> policies(String namespace) {
    return client.list(ScaleDownPolicy.TYPE, namespace, Map.of()).items();
  }

  /** Reads what has an ordinal's name. */
  public Optional<SetPod> pod(StatefulSet set, int ordinal) {
    return client.find(SetPod.TYPE, key(set, set.podName(ordinal)));
  }

  /** Reads one claim. */
  public Optional<Claim> claim(StatefulSet set, String name) {
    return client.find(Claim.TYPE, key(set, name));
  }

  /** Reads the claims of an ordinal. */
  public List<Claim> claims(StatefulSet set, int ordinal) {
    List<Claim> claims = new ArrayList<>();
    for (String template : set.claimTemplates()) {
      claim(set, OrdinalName.claim(template, set.metadata().name(), ordinal))
          .ifPresent(claims::add);
    }
    return claims;
  }

  /** Reads all claims of a namespace. */
  public List<Claim> claims(String namespace) {
    return client.list(Claim.TYPE, namespace, Map.of()).items();
  }

  /** Reads all pods of a namespace. */
  public List<SetPod> pods(String namespace) {
    return client.list(SetPod.TYPE, namespace, Map.of()).items();
  }

  /** Reads a record. */
  public Optional<ScaleDownCleanup> record(ResourceKey key) {
    return client.find(ScaleDownCleanup.TYPE, key);
  }

  /** Counts the cleanup pods of a set. */
  public int locks(StatefulSet set) {
    return (int)
        client
            .list(SetPod.TYPE, set.metadata().namespace(), Map.of("labelSelector", Names.LABEL))
            .items()
            .stream()
            .filter(pod -> Lock.of(pod, set.metadata().name()).isPresent())
            .count();
  }

  /** Returns whether a set is really gone. */
  public boolean gone(ResourceKey set) {
    return client.find(StatefulSet.TYPE, set).isEmpty();
  }

  private static ResourceKey key(StatefulSet set, String name) {
    return new ResourceKey(set.metadata().namespace(), name);
  }
}
