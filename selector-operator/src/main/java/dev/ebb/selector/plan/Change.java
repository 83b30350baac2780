package dev.ebb.selector.plan;

import dev.ebb.runtime.model.Service;
import org.jspecify.annotations.Nullable;

/**
 * What is written to a Service, in one patch.
 *
 * @param service as it was seen
 * @param pod what its selector's key says then; null takes the key out
 * @param from the pod that it belonged to; null for none
 * @param cause why
 * @param home what the annotation says about the pod that it had to leave; empty for none
 * @param adopts whether this is the first write, so that what was there is kept
 */
public record Change(
    Service service,
    @Nullable String pod,
    @Nullable String from,
    Cause cause,
    String home,
    boolean adopts) {

  /** Why a Service is written; the values of the label {@code cause}. */
  public enum Cause {
    /** It had no pod. */
    FIRST(false, false),
    /** It points where it should; that is noted. */
    ADOPT(false, false),
    /** Its pod is gone. */
    GONE(true, true),
    /** Its pod is on its way out. */
    TERMINATING(true, true),
    /** Its pod will be on its way out. */
    CONDEMNED(true, true),
    /** Its pod is not ready. */
    UNREADY(true, true),
    /** Others have too much or too little, or the strategy says so. */
    BALANCE(true, false),
    /** The pod that it had to leave is back. */
    HOME(true, false),
    /** Somebody else changed it. */
    REPAIR(false, false),
    /** No pod can take it. */
    FALLBACK(false, false);

    private final boolean move;
    private final boolean forced;

    Cause(boolean move, boolean forced) {
      this.move = move;
      this.forced = forced;
    }

    /** Returns whether a Service goes from one pod to another. */
    public boolean move() {
      return move;
    }

    /** Returns whether it has to. */
    public boolean forced() {
      return forced;
    }
  }

  /** Says it in words. */
  public String text() {
    String name = service.metadata().name();
    return switch (cause) {
      case FALLBACK -> name + ": no pod can take it, so the rest of its selector decides";
      case ADOPT -> name + " stays on " + pod;
      case FIRST -> name + " -> " + pod;
      default ->
          name
              + ": "
              + from
              + " -> "
              + pod
              + " ("
              + cause.name().toLowerCase(java.util.Locale.ROOT)
              + ")";
    };
  }
}
