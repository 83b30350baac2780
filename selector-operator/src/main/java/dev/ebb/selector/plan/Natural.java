package dev.ebb.selector.plan;

import java.util.Comparator;

/** Names in the order in which people count: {@code svc-2} before {@code svc-10}. Stateless. */
public final class Natural {

  /** Text as text, numbers as numbers; equal numbers with other zeros in front as text. */
  public static final Comparator<String> ORDER =
      ((Comparator<String>) Natural::compare).thenComparing(Comparator.naturalOrder());

  private static final int LONGEST = 9;

  private Natural() {}

  /** Returns the number at the end of a name, -1 for none that fits. */
  public static int number(String name) {
    int from = name.length();
    while (from > 0 && digit(name.charAt(from - 1))) {
      from--;
    }
    int length = name.length() - from;
    return length == 0 || length > LONGEST ? -1 : Integer.parseInt(name.substring(from));
  }

  private static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      if (digit(a.charAt(i)) && digit(b.charAt(j))) {
        int endA = end(a, i);
        int endB = end(b, j);
        int result = numbers(a, zeros(a, i, endA), endA, b, zeros(b, j, endB), endB);
        if (result != 0) {
          return result;
        }
        i = endA;
        j = endB;
      } else {
        int result = Character.compare(a.charAt(i++), b.charAt(j++));
        if (result != 0) {
          return result;
        }
      }
    }
    return Integer.compare(a.length() - i, b.length() - j);
  }

  /** Compares digits without zeros in front. */
  private static int numbers(String a, int i, int endA, String b, int j, int endB) {
    int result = Integer.compare(endA - i, endB - j);
    for (int k = 0; result == 0 && i + k < endA; k++) {
      result = Character.compare(a.charAt(i + k), b.charAt(j + k));
    }
    return result;
  }

  private static int zeros(String text, int from, int end) {
    int at = from;
    while (at < end && text.charAt(at) == '0') {
      at++;
    }
    return at;
  }

  private static int end(String text, int from) {
    int end = from;
    while (end < text.length() && digit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
