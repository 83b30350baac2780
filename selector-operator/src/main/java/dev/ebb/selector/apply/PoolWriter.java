package dev.ebb.selector.apply;

import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.model.Service;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.api.ServicePool.ServicePort;
import dev.ebb.selector.api.ServicePool.Status;
import dev.ebb.selector.plan.Change;
import dev.ebb.selector.plan.Pool;
import dev.ebb.selector.plan.Statuses;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every write of this service: only on top of what was read, and of a Service's selector one key.
 * Blocks. Thread-safe.
 */
public final class PoolWriter {

  private final ObjectWriter writes;

  /** Creates a writer. */
  public PoolWriter(ObjectWriter writes) {
    this.writes = writes;
  }

  /** Points a Service at a pod, and lets it remember that. */
  public void change(Pool pool, Change change, Instant now) {
    ObjectNode patch = writes.node();
    patch.putObject("spec").putObject("selector").put(Marks.POD_NAME, change.pod());
    ObjectNode notes = patch.putObject("metadata").putObject("annotations");
    notes.put(Marks.POOL, pool.key().name());
    notes.put(Marks.POD, change.pod());
    if (change.cause().move()) {
      notes.put(Marks.MOVED, now.truncatedTo(ChronoUnit.MILLIS).toString());
    }
    notes.put(Marks.HOME, change.home().isEmpty() ? null : change.home());
    if (change.adopts() && !change.service().metadata().annotations().containsKey(Marks.BEFORE)) {
      notes.put(Marks.BEFORE, change.service().spec().selector().getOrDefault(Marks.POD_NAME, ""));
    }
    writes.patch(Service.TYPE, change.service().metadata(), null, patch);
  }

  /** Gives a Service back what its selector said, and lets it forget. */
  public void release(Service service) {
    ObjectNode patch = writes.node();
    String before = service.metadata().annotations().getOrDefault(Marks.BEFORE, "");
    patch
        .putObject("spec")
        .putObject("selector")
        .put(Marks.POD_NAME, before.isEmpty() ? null : before);
    patch
        .putObject("metadata")
        .putObject("annotations")
        .putNull(Marks.POOL)
        .putNull(Marks.POD)
        .putNull(Marks.MOVED)
        .putNull(Marks.HOME)
        .putNull(Marks.BEFORE);
    writes.patch(Service.TYPE, service.metadata(), null, patch);
  }

  /**
   * Makes a Service of a pool.
   *
   * @param pod the pod that it points at from the beginning; null for none yet
   */
  public void create(Pool pool, String name, @Nullable String pod) {
    ObjectNode body = writes.node();
    body.put("apiVersion", "v1").put("kind", "Service");
    ObjectNode meta = body.putObject("metadata").put("name", name);
    meta.putObject("labels").put(Marks.POOL, pool.key().name());
    ObjectNode notes = meta.putObject("annotations").put(Marks.POOL, pool.key().name());
    notes.put(Marks.BEFORE, "").put(Marks.MANAGED, "true");
    if (pod != null) {
      notes.put(Marks.POD, pod);
    }
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", ServicePool.TYPE.apiVersion())
        .put("kind", ServicePool.TYPE.kind())
        .put("name", pool.key().name())
        .put("uid", pool.uid())
        .put("controller", true);
    ObjectNode spec = body.putObject("spec");
    if (pod != null) {
      spec.putObject("selector").put(Marks.POD_NAME, pod);
    }
    ArrayNode ports = spec.putArray("ports");
    for (ServicePort port : pool.ports()) {
      ports.add(writes.json(port));
    }
    writes.create(Service.TYPE, pool.key().namespace(), body);
  }

  /** Deletes a Service that was made for a pool. */
  public void delete(Service service) {
    writes.delete(Service.TYPE, service.metadata());
  }

  /** Writes a status if it says anything new. */
  public void status(ServicePool pool, Status status) {
    if (Statuses.same(pool.status(), status)) {
      return;
    }
    ObjectNode patch = writes.node();
    patch.set("status", writes.json(status));
    writes.patch(ServicePool.TYPE, pool.metadata(), "status", patch);
  }
}
