package dev.ebb.runtime.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A label selector in its string form, as {@code scale.status.selector} gives it. What cannot be
 * read selects nothing.
 */
public final class LabelQuery {

  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(!?)\\s*([A-Za-z0-9_./-]++)\\s*"
              + "(?:(==|=|!=)\\s*([A-Za-z0-9_.-]*)|(in|notin)\\s*\\(([^)]*)\\))?\\s*(?:,|$)");

  private final List<Predicate<Map<String, String>>> terms = new ArrayList<>();
  private final Map<String, String> equalities = new HashMap<>();
  private boolean readable;

  private LabelQuery() {}

  /** Parses a selector; null and unreadable text select nothing. */
  public static LabelQuery parse(@Nullable String text) {
    LabelQuery query = new LabelQuery();
    if (text == null || text.isBlank()) {
      return query;
    }
    Matcher matcher = TERM.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at || matcher.end() == at) {
        return new LabelQuery();
      }
      boolean operator = matcher.group(3) != null || matcher.group(5) != null;
      boolean dangling = matcher.end() == text.length() && text.stripTrailing().endsWith(",");
      if (dangling || (operator && !matcher.group(1).isEmpty())) {
        return new LabelQuery();
      }
      query.add(matcher);
      at = matcher.end();
    }
    query.readable = true;
    return query;
  }

  /** Returns whether the text was a selector; what was not selects nothing. */
  public boolean readable() {
    return readable;
  }

  /** Returns whether labels are selected. */
  public boolean matches(Map<String, String> labels) {
    return readable && terms.stream().allMatch(term -> term.test(labels));
  }

  /** Returns the labels that every selected object must carry. */
  public Map<String, String> equalities() {
    return readable ? Map.copyOf(equalities) : Map.of();
  }

  private void add(Matcher term) {
    String key = term.group(2);
    if ("=".equals(term.group(3)) || "==".equals(term.group(3))) {
      Set<String> value = Set.of(term.group(4));
      equalities.put(key, term.group(4));
      terms.add(labels -> term(labels, key, value));
    } else if ("!=".equals(term.group(3))) {
      Set<String> unwanted = Set.of(term.group(4));
      terms.add(labels -> !term(labels, key, unwanted));
    } else if (term.group(5) != null) {
      Set<String> values = Set.copyOf(List.of(term.group(6).trim().split("\\s*,\\s*")));
      boolean wanted = term.group(5).equals("in");
      terms.add(labels -> term(labels, key, values) == wanted);
    } else {
      boolean wanted = term.group(1).isEmpty();
      terms.add(labels -> labels.containsKey(key) == wanted);
    }
  }

  private static boolean term(Map<String, String> labels, String key, Set<String> values) {
    String value = labels.get(key);
    return value != null && values.contains(value);
  }
}
