package dev.ebb.cleanup.apply;

import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Statuses;
import dev.ebb.cleanup.plan.Step;
import dev.ebb.runtime.kube.ObjectWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Every write to Ebb's own resources: the memory, and what users read. Blocks. Thread-safe. */
public final class CleanupWriter {

  private static final List<String> FIELDS =
      List.of(
          "podUid", "startedAt", "finishedAt", "nextAttemptAt", "template", "reason", "message");

  private final ObjectWriter writes;

  /** Creates a writer. */
  public CleanupWriter(ObjectWriter writes) {
    this.writes = writes;
  }

  /** Writes down how an ordinal is doing, if that is new. */
  public void note(StatefulSet set, Step.Note step) {
    ScaleDownCleanup record = step.record() == null ? create(set, step.ordinal()) : step.record();
    if (Statuses.same(record.status(), step.status())) {
      return;
    }
    ObjectNode patch = writes.node();
    ObjectNode body = (ObjectNode) writes.json(step.status());
    FIELDS.stream().filter(field -> !body.has(field)).forEach(body::putNull);
    patch.set("status", body);
    writes.patch(ScaleDownCleanup.TYPE, record.metadata(), "status", patch);
  }

  private ScaleDownCleanup create(StatefulSet set, int ordinal) {
    ObjectNode body = writes.node();
    body.put("apiVersion", ScaleDownCleanup.TYPE.apiVersion())
        .put("kind", ScaleDownCleanup.TYPE.kind());
    ObjectNode meta = body.putObject("metadata").put("name", set.podName(ordinal));
    if (!set.metadata().deleting()) {
      meta.putArray("ownerReferences")
          .addObject()
          .put("apiVersion", StatefulSet.TYPE.apiVersion())
          .put("kind", StatefulSet.TYPE.kind())
          .put("name", set.metadata().name())
          .put("uid", set.metadata().uid());
    }
    body.putObject("spec")
        .put("statefulSet", set.metadata().name())
        .put("statefulSetUid", set.metadata().uid())
        .put("ordinal", ordinal);
    return writes.create(ScaleDownCleanup.TYPE, set.metadata().namespace(), body);
  }

  /** Writes on a policy what was found and done. */
  public void report(Step.Report step) {
    ObjectNode patch = writes.node();
    patch.set("status", writes.json(step.status()));
    writes.patch(ScaleDownPolicy.TYPE, step.policy().metadata(), "status", patch);
  }

  /** Takes a request off that was heard. */
  public void clearRequest(ScaleDownCleanup record) {
    request(record, null);
  }

  /**
   * Asks for something, as a user does by the annotation.
   *
   * @param verb retry, skip or cancel; null for nothing
   */
  public ScaleDownCleanup request(ScaleDownCleanup record, @Nullable String verb) {
    ObjectNode patch = writes.node();
    patch.putObject("metadata").putObject("annotations").put(Names.REQUEST, verb);
    // Its status may have changed since, which changes nothing about what is asked for.
    return writes.patch(ScaleDownCleanup.TYPE, record.metadata(), null, patch);
  }

  /** Deletes a record. */
  public void drop(ScaleDownCleanup record) {
    writes.delete(ScaleDownCleanup.TYPE, record.metadata());
  }
}
