package dev.ebb.selector.plan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * How much a Service likes a pod, the same at all times: a name's first 8 bytes of SHA-256, two of
 * them mixed by splitmix64's finalizer. One digest a name and not one a pair: 10,000 Services and
 * 500 pods are five million pairs. Stateless.
 */
final class Scores {

  private Scores() {}

  /** Returns a name's digest. */
  static long digest(String name) {
    try {
      return ByteBuffer.wrap(
              MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)))
          .getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns the score of a pair, to be compared as signed numbers. */
  static long of(long service, long pod) {
    long z = service ^ Long.rotateLeft(pod * 0x9E3779B97F4A7C15L, 31);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns the score of a pair by which a pod of weight two wins twice as often as one of one. */
  static double weighted(long service, long pod, int weight) {
    // 53 bits, never 0 and never 1.
    double uniform = ((of(service, pod) >>> 11) + 0.5) * 0x1p-53;
    return weight / -Math.log(uniform);
  }
}
