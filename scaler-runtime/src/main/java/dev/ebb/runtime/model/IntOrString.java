package dev.ebb.runtime.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A port by number or by name, as in a Service's {@code targetPort}.
 *
 * @param value an Integer or a String
 */
public record IntOrString(@JsonValue Object value) {

  /** Decodes either form. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public IntOrString {
    if (!(value instanceof Integer) && !(value instanceof String)) {
      throw new IllegalArgumentException("neither a number nor a name: " + value);
    }
  }

  /** Returns whether this is a number. */
  public boolean isNumber() {
    return value instanceof Integer;
  }

  /** Returns the number; only when {@link #isNumber()}. */
  public int number() {
    return (Integer) value;
  }

  /** Returns the text form. */
  @Override
  public String toString() {
    return value.toString();
  }
}
