package dev.ebb.selector.plan;

/**
 * How much a Service likes a pod, the same at all times: FNV-1a of both names, mixed by
 * splitmix64's finalizer. One digest a name and not one a pair, and none of cryptography: 10,000
 * Services and 500 pods are five million pairs. Stateless.
 */
final class Scores {

  private Scores() {}

  /** Returns a name's digest. */
  static long digest(String name) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
    }
    return mixed(hash);
  }

  private static long mixed(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns what a pod brings into the scores of its pairs. */
  static long seed(String pod) {
    return Long.rotateLeft(digest(pod) * 0x9E3779B97F4A7C15L, 31);
  }

  /** Returns the score of a Service's digest and a pod's seed, to be compared as signed numbers. */
  static long of(long service, long seed) {
    return mixed(service ^ seed);
  }

  /** Returns 53 bits of a score: of pods of the same weight the one with the most of them wins. */
  static long bits(long service, long seed) {
    return of(service, seed) >>> 11;
  }

  /** Returns the score of a pair by which a pod of weight two wins twice as often as one of one. */
  static double weighted(long bits, int weight) {
    // Never 0 and never 1.
    double uniform = (bits + 0.5) * 0x1p-53;
    return weight / -Math.log(uniform);
  }
}
