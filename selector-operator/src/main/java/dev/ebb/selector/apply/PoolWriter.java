package dev.ebb.selector.apply;

import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.Service;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.api.ServicePool.ServicePort;
import dev.ebb.selector.api.ServicePool.Status;
import dev.ebb.selector.api.ServicePool.Via;
import dev.ebb.selector.plan.Change;
import dev.ebb.selector.plan.Pool;
import dev.ebb.selector.plan.SliceStep;
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
public final class PoolWriter implements PauseVerbs.Writer<ServicePool> {

  private final ObjectWriter writes;

  /** Creates a writer. */
  public PoolWriter(ObjectWriter writes) {
    this.writes = writes;
  }

  /** Points a Service at a pod, and lets it remember that. */
  public void change(Pool pool, Change change, Instant now) {
    ObjectNode patch = writes.node();
    if (pool.via() == Via.Selector) {
      patch.putObject("spec").putObject("selector").put(Marks.POD_NAME, change.pod());
    }
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
    if (!before.isEmpty() || service.spec().selector().containsKey(Marks.POD_NAME)) {
      patch
          .putObject("spec")
          .putObject("selector")
          .put(Marks.POD_NAME, before.isEmpty() ? null : before);
    }
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
    if (pod != null && pool.via() == Via.Selector) {
      spec.putObject("selector").put(Marks.POD_NAME, pod);
    }
    ArrayNode ports = spec.putArray("ports");
    for (ServicePort port : pool.ports()) {
      ports.add(writes.json(port));
    }
    writes.create(Service.TYPE, pool.key().namespace(), body);
  }

  /** Writes a slice, or takes it away. */
  public void slice(SliceStep step) {
    EndpointSlice before = step.before();
    EndpointSlice after = step.after();
    Service service = step.service();
    if (after == null || service == null) {
      if (before != null) {
        writes.delete(EndpointSlice.TYPE, before.metadata());
      }
      return;
    }
    ObjectNode body = writes.node();
    body.set("endpoints", writes.json(after.endpoints()));
    body.set("ports", writes.json(after.ports()));
    ObjectNode meta = body.putObject("metadata");
    meta.set("labels", writes.json(after.metadata().labels()));
    if (before != null) {
      writes.patch(EndpointSlice.TYPE, before.metadata(), null, body);
      return;
    }
    meta.put("name", after.metadata().name());
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", Service.TYPE.apiVersion())
        .put("kind", Service.TYPE.kind())
        .put("name", service.metadata().name())
        .put("uid", service.metadata().uid());
    body.put("apiVersion", EndpointSlice.TYPE.apiVersion()).put("kind", EndpointSlice.TYPE.kind());
    body.put("addressType", after.addressType());
    writes.create(EndpointSlice.TYPE, after.metadata().namespace(), body);
  }

  @Override
  public Mode mode(ServicePool pool) {
    Mode mode = pool.spec().mode();
    return mode == null ? Mode.Enforce : mode;
  }

  /**
   * Pauses.
   *
   * @param until when it ends by itself; null for never
   */
  @Override
  public void pause(ServicePool pool, @Nullable Instant until) {
    ObjectNode patch = writes.node();
    Pause.begin(patch, pool.spec().mode(), until);
    writes.patch(ServicePool.TYPE, pool.metadata(), null, patch);
  }

  /** Ends a pause. */
  @Override
  public void resume(ServicePool pool) {
    ObjectNode patch = writes.node();
    Pause.end(patch, Pause.before(pool.metadata()));
    writes.patch(ServicePool.TYPE, pool.metadata(), null, patch);
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
