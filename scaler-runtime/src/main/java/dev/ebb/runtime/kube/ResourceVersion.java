package dev.ebb.runtime.kube;

import java.util.regex.Pattern;

/**
 * The version of an object or a list. Versions of one kind grow with each write: the API server
 * promises so for built-in and custom kinds. What is no number cannot be compared and is never
 * older.
 *
 * @param text as in {@code metadata.resourceVersion}
 */
record ResourceVersion(String text) {

  /** Before everything. */
  static final ResourceVersion NONE = new ResourceVersion("0");

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]*|0");

  /** Returns whether this was written before another. */
  boolean olderThan(ResourceVersion other) {
    if (!isNumber() || !other.isNumber()) {
      return false;
    }
    int digits = Integer.compare(text.length(), other.text.length());
    return digits != 0 ? digits < 0 : text.compareTo(other.text) < 0;
  }

  private boolean isNumber() {
    return NUMBER.matcher(text).matches();
  }

  /** Returns the later of two. */
  ResourceVersion or(ResourceVersion other) {
    return olderThan(other) ? other : this;
  }
}
