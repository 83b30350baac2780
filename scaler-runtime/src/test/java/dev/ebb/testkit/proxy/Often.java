package dev.ebb.testkit.proxy;

/**
 * Says at which of the requests that match a fault happens.
 *
 * @param skip how many are spared first
 * @param times how many suffer then
 * @param chance how likely each of these suffers; the proxy's seed decides
 */
public record Often(int skip, int times, double chance) {

  /** At each. */
  public static Often always() {
    return new Often(0, Integer.MAX_VALUE, 1);
  }

  /** At the first. */
  public static Often once() {
    return first(1);
  }

  /** At the first few. */
  public static Often first(int times) {
    return new Often(0, times, 1);
  }

  /** At one only, counted from 1. */
  public static Often only(int number) {
    return new Often(number - 1, 1, 1);
  }

  /** At some, as the seed has it. */
  public static Often sometimes(double chance) {
    return new Often(0, Integer.MAX_VALUE, chance);
  }

  /**
   * Returns whether the fault happens now.
   *
   * @param number which of the matching requests this is, counted from 0
   * @param dice between 0 and 1
   */
  boolean happens(int number, double dice) {
    return number >= skip && number - skip < times && dice < chance;
  }
}
