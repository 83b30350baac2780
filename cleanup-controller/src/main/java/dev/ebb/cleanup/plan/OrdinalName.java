package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.StatefulSet;
import java.util.OptionalInt;

/** Names that end in an ordinal, as Kubernetes writes them. Stateless. */
public final class OrdinalName {

  private OrdinalName() {}

  /**
   * Returns the ordinal of a name, if it is the prefix, a dash and a number as Kubernetes writes
   * it: no sign, no leading zero.
   */
  public static OptionalInt after(String prefix, String name) {
    int at = prefix.length() + 1;
    if (name.length() <= at || !name.startsWith(prefix) || name.charAt(at - 1) != '-') {
      return OptionalInt.empty();
    }
    String digits = name.substring(at);
    boolean canonical =
        digits.length() <= 10
            && digits.chars().allMatch(c -> c >= '0' && c <= '9')
            && (digits.length() == 1 || digits.charAt(0) != '0');
    if (!canonical || Long.parseLong(digits) > Integer.MAX_VALUE) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(Integer.parseInt(digits));
  }

  /** Returns the name of an ordinal's claim. */
  public static String claim(String template, String set, int ordinal) {
    return template + "-" + set + "-" + ordinal;
  }

  /** Returns the ordinal that a claim would have in a set, by its name alone. */
  public static OptionalInt ofClaim(StatefulSet set, String claim) {
    for (String template : set.claimTemplates()) {
      OptionalInt ordinal = after(template + "-" + set.metadata().name(), claim);
      if (ordinal.isPresent()) {
        return ordinal;
      }
    }
    return OptionalInt.empty();
  }

  /** Returns a pod's name without its ordinal; empty when it ends in none. */
  public static String withoutOrdinal(String name) {
    int dash = name.lastIndexOf('-');
    return dash > 0 && after(name.substring(0, dash), name).isPresent()
        ? name.substring(0, dash)
        : "";
  }
}
