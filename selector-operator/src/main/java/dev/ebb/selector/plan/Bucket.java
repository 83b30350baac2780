package dev.ebb.selector.plan;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A Service that is given to a pod.
 *
 * @param name its name
 * @param number the number that its name ends with; -1 for none
 * @param weight how much it asks of a pod; 1 is usual
 * @param current the pod that it points at; null for none
 * @param home the pod that it had to leave and goes back to; null for none
 */
public record Bucket(
    String name, int number, int weight, @Nullable String current, @Nullable String home) {

  /** By name, numbers as numbers. */
  static final Comparator<Bucket> ORDER = Comparator.comparing(Bucket::name, Natural.ORDER);

  /** Refuses a weight that is none. */
  public Bucket {
    if (weight < 1) {
      throw new IllegalArgumentException("the weight of " + name + " is " + weight);
    }
  }

  /** Returns a Service with the usual weight that points at a pod. */
  public static Bucket named(String name, @Nullable String current) {
    return new Bucket(name, Natural.number(name), 1, current, null);
  }

  /** Returns this Service pointing at another pod. */
  public Bucket at(@Nullable String pod) {
    return new Bucket(name, number, weight, pod, home);
  }

  /** Returns this Service with another home. */
  public Bucket withHome(@Nullable String pod) {
    return new Bucket(name, number, weight, current, pod);
  }
}
