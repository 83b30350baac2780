package dev.ebb.cleanup.admin;

import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.apply.CleanupWriter;
import dev.ebb.runtime.admin.Audit;
import dev.ebb.runtime.admin.Caller;
import dev.ebb.runtime.admin.Done;
import dev.ebb.runtime.admin.Problems;
import dev.ebb.runtime.admin.Verbs;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.scaler.ResourceKey;

/**
 * What a user may ask of a cleanup: it is written on the record, on which the loop then acts, so it
 * does not matter which replica is asked. Every change is audited. Blocks. Thread-safe.
 */
public final class CleanupVerbs {

  private final KubeClient client;
  private final CleanupWriter writer;
  private final Audit audit;

  /**
   * Creates the verbs.
   *
   * @param writer writes without leading, and while Ebb is frozen: a user asks for it
   */
  public CleanupVerbs(KubeClient client, CleanupWriter writer, Audit audit) {
    this.client = client;
    this.writer = writer;
    this.audit = audit;
  }

  /**
   * Asks.
   *
   * @param verb retry, skip or cancel
   */
  public Done ask(ResourceKey key, String verb, Caller caller) {
    return Verbs.onCurrent(
        () -> client.find(ScaleDownCleanup.TYPE, key).orElseThrow(() -> none(key)),
        record -> {
          if (record.status().is(State.Done, State.Cancelled) || record.request().equals(verb)) {
            return Done.already(
                verb, "it is " + record.status().state() + ", nothing is to be done");
          }
          writer.request(record, verb);
          audit.record(
              Subject.of(ScaleDownCleanup.TYPE, record), verb, caller, "asked for " + verb);
          return Done.changed(
              verb, "asked for; kubectl get sdc " + key.name() + " shows what comes");
        });
  }

  static RuntimeException none(ResourceKey key) {
    return Problems.notFound(
        "there is no ScaleDownCleanup %s; kubectl get sdc -A lists all".formatted(key));
  }
}
