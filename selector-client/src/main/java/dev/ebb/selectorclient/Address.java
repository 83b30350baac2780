package dev.ebb.selectorclient;

/**
 * An address with the number of a Service in it, as 3S's public clients write it: {@code
 * tcp://host.rest} becomes {@code tcp://host-4.host.rest}. Stateless.
 */
public final class Address {

  private static final String SCHEME_END = "://";

  private Address() {}

  /**
   * Returns the address that a key is asked for at.
   *
   * @param base the address without a number, as in {@code
   *     tcp://buildkit-service.buildkit-service.svc:1234}
   * @param key what the same server is wanted for
   * @param services how many Services there are; 0 means that no key is looked at
   */
  public static String of(String base, String key, int services) {
    return services == 0 ? base : numbered(base, Bucket.of(key, services));
  }

  /** Returns an address with a number; the host's first part is what gets it. */
  public static String numbered(String base, int bucket) {
    int begin = base.indexOf(SCHEME_END);
    begin = begin < 0 ? 0 : begin + SCHEME_END.length();
    int dot = base.indexOf('.', begin);
    if (dot <= begin) {
      throw new IllegalArgumentException(
          "the host has no first part that ends with a dot: " + base);
    }
    String first = base.substring(begin, dot);
    return base.substring(0, begin) + first + "-" + bucket + "." + base.substring(begin);
  }
}
