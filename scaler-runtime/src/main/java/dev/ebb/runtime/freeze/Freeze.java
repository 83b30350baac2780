package dev.ebb.runtime.freeze;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.model.ConfigMap;
import dev.ebb.runtime.model.Namespace;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says that Ebb keeps its hands off: it wakes what sleeps, and then writes nothing but status,
 * Events and its Lease. Found in two places: a ConfigMap {@value #CONFIG_MAP} in the release's
 * namespace freezes everything, the annotation {@code ebb.dev/freeze} its namespace.
 *
 * @param scope what is frozen
 * @param why what whoever froze it left as a reason; empty for none
 */
public record Freeze(Scope scope, String why) {

  /** The ConfigMap whose being there freezes everything. */
  public static final String CONFIG_MAP = "ebb-freeze";

  /** The key of the ConfigMap that holds the reason. */
  public static final String REASON = "reason";

  /** The annotation that freezes its namespace; its value is the reason. */
  public static final String ANNOTATION = Ebb.key("freeze");

  private static final String NO = "false";
  private static final String YES = "true";
  private static final int LONGEST_REASON = 200;

  /** How much is frozen. */
  public enum Scope {
    /** All of Ebb. */
    SUITE("SuiteFrozen"),
    /** One namespace. */
    NAMESPACE("NamespaceFrozen"),
    /** Nobody can tell yet, so nothing is risked. */
    UNKNOWN("FreezeUnknown");

    private final String reason;

    Scope(String reason) {
      this.reason = reason;
    }

    /** Returns the reason of a condition. */
    public String reason() {
      return reason;
    }
  }

  /** What there is before the switch was read for the first time. */
  public static final Freeze UNREAD = new Freeze(Scope.UNKNOWN, "");

  /**
   * Decides.
   *
   * @param suite the ConfigMap; null when there is none
   * @param namespace the namespace in question; null when there is none
   * @return empty when nothing is frozen
   */
  public static Optional<Freeze> of(@Nullable ConfigMap suite, @Nullable Namespace namespace) {
    if (suite != null && !suite.metadata().deleting()) {
      return Optional.of(new Freeze(Scope.SUITE, shortened(suite.data().getOrDefault(REASON, ""))));
    }
    String text = namespace == null ? null : namespace.metadata().annotations().get(ANNOTATION);
    if (text == null || text.strip().equalsIgnoreCase(NO)) {
      return Optional.empty();
    }
    return Optional.of(
        new Freeze(Scope.NAMESPACE, text.strip().equalsIgnoreCase(YES) ? "" : shortened(text)));
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) : line;
  }

  /** Returns in one sentence what is frozen, why, and how it ends. */
  public String message() {
    String reason = why.isEmpty() ? "" : " (" + why + ")";
    return switch (scope) {
      case SUITE ->
          "all of Ebb is frozen%s: nothing goes to sleep; delete ConfigMap %s to go on"
              .formatted(reason, CONFIG_MAP);
      case NAMESPACE ->
          "the namespace is frozen%s: nothing goes to sleep; remove its annotation %s to go on"
              .formatted(reason, ANNOTATION);
      case UNKNOWN -> "nobody can tell yet whether Ebb is frozen, so nothing goes to sleep";
    };
  }
}
