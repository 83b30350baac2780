package dev.ebb.selectorclient;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * From a key to the number of a Service, as 3S's public clients do it: MD5 over the key and a
 * newline, the first 15 hexadecimal digits as a number, modulo the number of Services. Who has the
 * same key and the same number of Services asks the same Service, whatever language it is written
 * in. Stateless.
 */
public final class Bucket {

  private Bucket() {}

  /** Returns the 60 bits that the number is made of. */
  public static long hash(String key) {
    byte[] digest = md5().digest((key + "\n").getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong() >>> 4;
  }

  /**
   * Returns the number of the Service for a key, from 0 on.
   *
   * @param key what the same server is wanted for, for example an image's name
   * @param services how many Services there are; all clients must say the same
   */
  public static int of(String key, int services) {
    if (services < 1) {
      throw new IllegalArgumentException("there must be at least one Service, not " + services);
    }
    return (int) (hash(key) % services);
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
