package dev.ebb.autoscaler.apply;

import dev.ebb.autoscaler.plan.Annotated;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.ScaledResource.Status;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ScaleTarget;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every write to ScaledResources and Services: only on top of what was read, and none when nothing
 * differs. That nobody writes without leading is the client's concern. Blocks. Thread-safe.
 */
public final class ResourceWriter {

  private static final List<String> STATUS_FIELDS =
      List.of(
          "state",
          "replicas",
          "rememberedReplicas",
          "selector",
          "lastActivityTime",
          "nextTransition",
          "adoptedAt",
          "bypassGraceUntil",
          "message");

  private final ObjectWriter writes;

  /** Creates a writer. */
  public ResourceWriter(ObjectWriter writes) {
    this.writes = writes;
  }

  /**
   * Creates the resource that a workload's annotation asks for; the workload owns it.
   *
   * @param idleAfter the annotation's value
   */
  public void create(ScaleTarget target, Meta workload, String idleAfter) {
    ObjectNode body = writes.node();
    body.put("apiVersion", ScaledResource.TYPE.apiVersion());
    body.put("kind", ScaledResource.TYPE.kind());
    ObjectNode meta = body.putObject("metadata");
    meta.put("name", Annotated.name(workload.name(), target.kind()));
    meta.putObject("labels").put(Annotated.LABEL, Annotated.BY_ANNOTATION);
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", target.apiVersion())
        .put("kind", target.kind())
        .put("name", workload.name())
        .put("uid", workload.uid())
        .put("controller", true);
    ObjectNode spec = body.putObject("spec");
    spec.putObject("targetRef")
        .put("apiVersion", target.apiVersion())
        .put("kind", target.kind())
        .put("name", workload.name());
    spec.put("idleAfter", idleAfter);
    writes.create(ScaledResource.TYPE, workload.namespace(), body);
  }

  /** Changes a resource's window if it is another one. */
  public void idleAfter(ScaledResource resource, String idleAfter) {
    if (!idleAfter.equals(resource.spec().idleAfter())) {
      ObjectNode patch = writes.node();
      patch.putObject("spec").put("idleAfter", idleAfter);
      patch(resource, null, patch);
    }
  }

  /** Deletes a resource if it is still the one that was read; its finalizer does the rest. */
  public void delete(ScaledResource resource) {
    writes.delete(ScaledResource.TYPE, resource.metadata());
  }

  /** Puts Ebb's finalizer on a resource. */
  public ScaledResource addFinalizer(ScaledResource resource) {
    return writes.addFinalizer(ScaledResource.TYPE, resource, ScaledResource.FINALIZER);
  }

  /** Removes Ebb's finalizer by its value; others' stay whatever happens meanwhile. */
  public void removeFinalizer(ScaledResource resource) {
    writes.removeFinalizer(ScaledResource.TYPE, resource, ScaledResource.FINALIZER);
  }

  /** Sets an annotation; an empty value removes it. */
  public ScaledResource annotate(ScaledResource resource, String key, String value) {
    String before = resource.metadata().annotations().getOrDefault(key, "");
    if (before.equals(value)) {
      return resource;
    }
    ObjectNode patch = writes.node();
    ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
    if (value.isEmpty()) {
      annotations.putNull(key);
    } else {
      annotations.put(key, value);
    }
    return patch(resource, null, patch);
  }

  /**
   * Pauses a resource.
   *
   * @param until when it ends by itself; null for never
   */
  public ScaledResource pause(ScaledResource resource, @Nullable Instant until) {
    ObjectNode patch = writes.node();
    Pause.begin(patch, resource.mode(), until);
    return patch(resource, null, patch);
  }

  /** Ends a pause. */
  public ScaledResource resume(ScaledResource resource, Mode mode) {
    ObjectNode patch = writes.node();
    Pause.end(patch, mode);
    return patch(resource, null, patch);
  }

  /** Writes a status if it says anything new. */
  public ScaledResource status(ScaledResource resource, Status status) {
    if (same(resource.status(), status)) {
      return resource;
    }
    ObjectNode patch = writes.node();
    ObjectNode body = (ObjectNode) writes.json(status);
    STATUS_FIELDS.stream().filter(field -> !body.has(field)).forEach(body::putNull);
    if (!body.has("services")) {
      body.putArray("services");
    }
    patch.set("status", body);
    return patch(resource, "status", patch);
  }

  /** Withdraws a resource's Services from the gateway. */
  public ScaledResource withdraw(ScaledResource resource) {
    if (resource.mappedServices().isEmpty()) {
      return resource;
    }
    ObjectNode patch = writes.node();
    ObjectNode status = patch.putObject("status");
    status.putArray("services");
    // What they said is no longer watched over.
    status.putArray("conditions");
    status.putNull("adoptedAt").putNull("bypassGraceUntil").putNull("nextTransition");
    status.putNull("replicas");
    status.put("state", State.Unknown.name()).put("message", "Ebb let go of the workload");
    return patch(resource, "status", patch);
  }

  /** Adds Ebb's key to a Service's selector. */
  public void addKey(Service service) {
    selector(service, "true");
  }

  /** Removes Ebb's key from a Service's selector. */
  public void removeKey(Service service) {
    selector(service, null);
  }

  /** Removes a slice if it is still the one that was read. */
  public void removeSlice(EndpointSlice slice) {
    writes.delete(EndpointSlice.TYPE, slice.metadata());
  }

  private void selector(Service service, @Nullable String value) {
    ObjectNode patch = writes.node();
    ObjectNode selector = patch.putObject("spec").putObject("selector");
    if (value == null) {
      selector.putNull(Service.BEHIND_GATEWAY);
    } else {
      selector.put(Service.BEHIND_GATEWAY, value);
    }
    try {
      writes.patch(Service.TYPE, service.metadata(), null, patch);
    } catch (KubeException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  private ScaledResource patch(
      ScaledResource resource, @Nullable String subresource, ObjectNode patch) {
    return writes.patch(ScaledResource.TYPE, resource.metadata(), subresource, patch);
  }

  static boolean same(Status a, Status b) {
    return a.observedGeneration() == b.observedGeneration()
        && a.state() == b.state()
        && Objects.equals(a.replicas(), b.replicas())
        && Objects.equals(a.rememberedReplicas(), b.rememberedReplicas())
        && Objects.equals(a.selector(), b.selector())
        && list(a.services()).equals(list(b.services()))
        && Objects.equals(a.lastActivityTime(), b.lastActivityTime())
        && Objects.equals(a.nextTransition(), b.nextTransition())
        && Objects.equals(a.adoptedAt(), b.adoptedAt())
        && Objects.equals(a.bypassGraceUntil(), b.bypassGraceUntil())
        && Objects.equals(a.message(), b.message())
        && sameConditions(list(a.conditions()), list(b.conditions()));
  }

  private static boolean sameConditions(List<Condition> a, List<Condition> b) {
    return a.size() == b.size()
        && IntStream.range(0, a.size()).allMatch(i -> a.get(i).sameAs(b.get(i)));
  }

  private static <T> List<T> list(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
