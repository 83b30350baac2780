package dev.ebb.selector.plan;

import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Service;
import org.jspecify.annotations.Nullable;

/**
 * One slice of a Service that has no selector.
 *
 * @param before as it is; null when it is not there
 * @param service whose; null when it is no Service of a pool any more
 * @param after as it is to be; null when it is to go
 */
public record SliceStep(
    @Nullable EndpointSlice before, @Nullable Service service, @Nullable EndpointSlice after) {

  /** The Service's name. */
  public String text() {
    EndpointSlice any = after == null ? before : after;
    return any == null ? "" : any.serviceName();
  }
}
