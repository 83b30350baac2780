package dev.ebb.testkit.history;

import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Which histories are run: the seeds 1 to n, so that a build does the same every time; more of them
 * with the system property {@code ebb.histories}, a single one with {@code ebb.seed}.
 *
 * @param count how many
 * @param only the only seed; null for all
 */
public record Seeds(int count, @Nullable Long only) {

  /** How many histories are run. */
  public static final String HISTORIES = "ebb.histories";

  /** The only history that is run. */
  public static final String SEED = "ebb.seed";

  /**
   * Reads the system properties.
   *
   * @param usual how many histories are run if nothing is said
   */
  public static Seeds upTo(int usual) {
    return of(usual, System::getProperty);
  }

  static Seeds of(int usual, UnaryOperator<@Nullable String> properties) {
    String count = properties.apply(HISTORIES);
    String only = properties.apply(SEED);
    return new Seeds(
        count == null ? usual : Integer.parseInt(count), only == null ? null : Long.valueOf(only));
  }

  /** Returns the seeds in their order. */
  LongStream stream() {
    return only == null ? LongStream.rangeClosed(1, count) : LongStream.of(only);
  }

  @Override
  public String toString() {
    return only == null ? "the seeds 1 to " + count : "the seed " + only;
  }

  /** Returns a source of randomness that neighbouring seeds do not share the beginning of. */
  static Random random(long seed) {
    return new Random(seed * 0x9E3779B97F4A7C15L);
  }
}
