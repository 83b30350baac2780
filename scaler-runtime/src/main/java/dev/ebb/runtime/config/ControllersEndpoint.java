package dev.ebb.runtime.config;

import dev.ebb.runtime.loop.LoopStatus;
import dev.ebb.runtime.loop.ReconcileLoop;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@code /actuator/controllers}: what each controller loop of the service does now, what fails in
 * it, why, and when it is tried again.
 */
@Endpoint(id = "controllers")
public final class ControllersEndpoint {

  private final Supplier<Stream<ReconcileLoop<?>>> loops;

  /**
   * The answer.
   *
   * @param controllers the loops, by name
   */
  public record Controllers(List<LoopStatus> controllers) {}

  /** Creates the endpoint over loops that are looked up when it is asked. */
  public ControllersEndpoint(Supplier<Stream<ReconcileLoop<?>>> loops) {
    this.loops = loops;
  }

  /** Returns the state of all loops. */
  @ReadOperation
  public Controllers controllers() {
    return new Controllers(
        loops
            .get()
            .<LoopStatus>map(ReconcileLoop::status)
            .sorted(Comparator.comparing(LoopStatus::name))
            .toList());
  }
}
