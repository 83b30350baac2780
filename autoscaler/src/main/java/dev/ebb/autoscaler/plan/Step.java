package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.Service;

/** One thing to do; steps are done in their order, each is guarded and may be repeated. */
public sealed interface Step {

  /** Put Ebb's finalizer on the resource. */
  record AddFinalizer() implements Step {}

  /** Set an annotation of the resource; an empty value removes it. */
  record Annotate(String key, String value) implements Step {}

  /** Add Ebb's key to a Service's selector. */
  record AddKey(Service service) implements Step {}

  /** Remove Ebb's key from a Service's selector. */
  record RemoveKey(Service service) implements Step {}

  /**
   * Make sure that a Service which is let go of has no key: the caches show none, but the answer to
   * the write of one may have been lost. A Service that is not as it was read any more is a
   * conflict.
   */
  record EnsureNoKey(Service service) implements Step {}

  /** Remove a slice of the gateway's that nobody serves. */
  record RemoveSlice(EndpointSlice slice) implements Step {}

  /** Wake what must not sleep. */
  record Wake(int replicas, String why) implements Step {}

  /** End a pause: go back to the mode from before. */
  record Resume(Mode mode) implements Step {}

  /** Fence, look again, and go to zero. */
  record Sleep(int remember) implements Step {}
}
