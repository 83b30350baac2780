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
        int result = numbers(a.substring(i, endA), b.substring(j, endB));
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

  private static int numbers(String a, String b) {
    String x = a.replaceFirst("^0+(?=.)", "");
    String y = b.replaceFirst("^0+(?=.)", "");
    int length = Integer.compare(x.length(), y.length());
    return length == 0 ? x.compareTo(y) : length;
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
