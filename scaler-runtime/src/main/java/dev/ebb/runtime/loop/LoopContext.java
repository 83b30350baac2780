package dev.ebb.runtime.loop;

import dev.ebb.scaler.ResourceKey;
import org.slf4j.MDC;

/**
 * What every line of the log says that is written during a reconcile: {@code controller}, {@code
 * namespace}, {@code name} (or {@code key}, for keys that are no {@link ResourceKey}) and {@code
 * generation}. In the cluster they are fields of the JSON. Belongs to one thread.
 */
public final class LoopContext implements AutoCloseable {

  private static final String GENERATION = "generation";

  private LoopContext() {}

  /** Begins a reconcile on this thread; closing ends it. */
  static LoopContext of(String controller, Object key) {
    MDC.put("controller", controller);
    if (key instanceof ResourceKey object) {
      MDC.put("namespace", object.namespace());
      MDC.put("name", object.name());
    } else {
      MDC.put("key", String.valueOf(key));
    }
    return new LoopContext();
  }

  /** Says which generation of the object is reconciled on this thread. */
  public static void generation(long generation) {
    MDC.put(GENERATION, Long.toString(generation));
  }

  @Override
  public void close() {
    MDC.remove("controller");
    MDC.remove("namespace");
    MDC.remove("name");
    MDC.remove("key");
    MDC.remove(GENERATION);
  }
}
