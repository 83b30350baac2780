package dev.ebb.selector.plan;

import java.util.Comparator;

/**
 * A pod that takes Services.
 *
 * @param name its name
 * @param ordinal its number in its StatefulSet; -1 when it has none
 * @param weight how much it takes beside the others; 1 is usual
 */
public record Host(String name, int ordinal, int weight) {

  /** By number, then by name. */
  static final Comparator<Host> ORDER =
      Comparator.comparingInt((Host h) -> h.ordinal() < 0 ? Integer.MAX_VALUE : h.ordinal())
          .thenComparing(Host::name, Natural.ORDER);

  /** Refuses a weight that is none. */
  public Host {
    if (weight < 1) {
      throw new IllegalArgumentException("the weight of " + name + " is " + weight);
    }
  }

  /** Returns a pod with the usual weight and the number that its name ends with. */
  public static Host named(String name) {
    return new Host(name, Natural.number(name), 1);
  }
}
