package dev.ebb.timeplan;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which objects are meant, by their labels, as Kubernetes writes it. One that says nothing means
 * all; a term that makes no sense means none, so that no more is selected than somebody wanted.
 *
 * @param matchLabels labels that have to be there
 * @param matchExpressions more terms
 */
public record LabelSelector(Map<String, String> matchLabels, List<Term> matchExpressions) {

  private static final Set<String> OPERATORS = Set.of("In", "NotIn", "Exists", "DoesNotExist");

  /** Copies; what is null in the list is a term that makes no sense. */
  public LabelSelector {
    matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
    matchExpressions =
        matchExpressions == null
            ? List.of()
            : matchExpressions.stream()
                .map(term -> Objects.requireNonNullElse(term, Term.NONE))
                .toList();
  }

  /**
   * A term.
   *
   * @param operator {@code In}, {@code NotIn}, {@code Exists} or {@code DoesNotExist}
   */
  public record Term(@Nullable String key, @Nullable String operator, List<String> values) {

    private static final Term NONE = new Term(null, null, List.of());

    /** Copies the list. */
    public Term {
      values = values == null ? List.of() : values.stream().filter(Objects::nonNull).toList();
    }

    /** Returns whether it can be understood. */
    public boolean sound() {
      return key != null && operator != null && OPERATORS.contains(operator);
    }

    private boolean matches(Map<String, String> labels) {
      if (key == null || operator == null) {
        return false;
      }
      String value = labels.get(key);
      return switch (operator) {
        case "In" -> value != null && values.contains(value);
        case "NotIn" -> value == null || !values.contains(value);
        case "Exists" -> value != null;
        case "DoesNotExist" -> value == null;
        default -> false;
      };
    }
  }

  /** Returns whether labels are selected. */
  public boolean matches(Map<String, String> labels) {
    return matchLabels.entrySet().stream()
            .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())))
        && matchExpressions.stream().allMatch(term -> term.matches(labels));
  }
}
