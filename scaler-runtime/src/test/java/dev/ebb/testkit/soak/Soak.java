package dev.ebb.testkit.soak;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Plays rounds until the time is over, as many are played as were asked for, or one fails. Says now
 * and then how far it is, and at the end what came out and how a failure is seen again.
 *
 * @param name what is soaked
 * @param longest when no new round is begun any more
 * @param rounds how many rounds are played at most
 * @param seed the first round's; the next one's is one more
 */
public record Soak(String name, Duration longest, long rounds, long seed) {

  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(30);
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})([smh])");

  /** One round. */
  @FunctionalInterface
  public interface Round {
    /**
     * Plays it; whatever it throws is the round's failure.
     *
     * @param seed decides everything that is random in it
     */
    void play(long seed) throws Exception;
  }

  private record Failed(long seed, Throwable cause) {}

  /**
   * Reads the four words that {@code ./ebb soak} starts a main class with. From then on the process
   * logs nothing: hours of the log of what is soaked would hide how far it is.
   */
  public static Soak ofProcess(String... words) {
    LoggingSystem.get(Soak.class.getClassLoader()).setLogLevel("ROOT", LogLevel.OFF);
    return of(words);
  }

  static Soak of(String... words) {
    if (words.length != 4) {
      throw new IllegalArgumentException("four words are needed: name, time, rounds, seed");
    }
    return new Soak(words[0], time(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
  }

  static Duration time(String word) {
    Matcher time = TIME.matcher(word);
    if (!time.matches()) {
      throw new IllegalArgumentException(
          "\"" + word + "\" is no time; write for example 90s, 30m or 2h");
    }
    long number = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /**
   * Plays.
   *
   * @param threads how many rounds are played at the same time
   * @return the process's exit code: 0 when no round failed
   */
  public int play(int threads, Round round) throws InterruptedException {
    return play(threads, round, System.out, System::nanoTime);
  }

  int play(int threads, Round round, PrintStream out, LongSupplier nanos)
      throws InterruptedException {
    long begun = nanos.getAsLong();
    AtomicLong next = new AtomicLong();
    AtomicLong done = new AtomicLong();
    AtomicReference<@Nullable Failed> failed = new AtomicReference<>();
    Runnable player =
        () -> {
          while (failed.get() == null && nanos.getAsLong() - begun < longest.toNanos()) {
            long number = next.getAndIncrement();
            if (number >= rounds) {
              return;
            }
            try {
              round.play(seed + number);
              done.incrementAndGet();
            } catch (Throwable failure) {
              failed.compareAndSet(null, new Failed(seed + number, failure));
            }
          }
        };
    out.printf("soak %s: seeds from %d, for %s at most%n", name, seed, words(longest));
    // Rounds use all of a core; virtual threads would keep the reports waiting.
    Stream<Thread> players =
        IntStream.range(0, threads)
            .mapToObj(i -> Thread.ofPlatform().name("soak-" + i).start(player));
    for (Thread thread : players.toList()) {
      while (!thread.join(BETWEEN_REPORTS)) {
        out.printf("soak %s: %d rounds in %s%n", name, done.get(), since(begun, nanos));
      }
    }
    return result(out, done.get(), since(begun, nanos), failed.get());
  }

  private int result(PrintStream out, long done, String time, @Nullable Failed failed) {
    if (failed == null) {
      out.printf(
          "soak %s: no failure in %d rounds, seeds %d to %d, in %s%n",
          name, done, seed, seed + done - 1, time);
      return 0;
    }
    failed.cause().printStackTrace(out);
    out.printf(
        "soak %s: FAILED at seed %d after %d rounds in %s: %s%n",
        name, failed.seed(), done, time, firstLine(failed.cause()));
    out.printf("see it again: ./ebb soak %s --seed %d --rounds 1%n", name, failed.seed());
    return 1;
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no message");
  }

  private static String since(long begun, LongSupplier nanos) {
    return words(Duration.ofNanos(nanos.getAsLong() - begun));
  }

  private static String words(Duration time) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(time.toNanos());
    return seconds < 120
        ? seconds + " s"
        : "%d:%02d h".formatted(seconds / 3600, seconds / 60 % 60);
  }
}
