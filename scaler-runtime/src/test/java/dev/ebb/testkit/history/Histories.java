package dev.ebb.testkit.history;

import dev.ebb.testkit.soak.Soak;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs random histories. The same seed makes the same steps. A history that fails is shrunk: steps
 * are dropped while it still fails in the same way, and the shortest is told with its seed.
 *
 * @param <S> what they happen to
 */
public final class Histories<S extends Subject> {

  /** So many runs are spent on shrinking at most. */
  private static final int SHRINK_RUNS = 400;

  /**
   * How a history failed.
   *
   * @param seed makes it again
   * @param all how many steps it had
   * @param steps the fewest that still fail
   * @param cause what the last run of them ended with
   */
  public record Failure<S>(long seed, int all, List<Step<S>> steps, Throwable cause) {
    /** Says how it failed, and how to see it again. */
    public String text() {
      String told =
          IntStream.range(0, steps.size())
              .mapToObj(i -> "  %2d. %s".formatted(i + 1, steps.get(i)))
              .collect(Collectors.joining("\n"));
      return "history %d fails: %s\n%d of its %d steps are enough:\n%s\nreplay it with -D%s=%d"
          .formatted(seed, cause.getMessage(), steps.size(), all, told, Seeds.SEED, seed);
    }
  }

  private final Supplier<S> subjects;
  private final Function<Random, Step<S>> steps;
  private final int longest;
  private final int shrinkRuns;

  /**
   * Creates a runner.
   *
   * @param subjects makes what a history happens to
   * @param steps draws a step
   * @param longest how many steps a history has at most; it has at least half as many
   */
  public Histories(Supplier<S> subjects, Function<Random, Step<S>> steps, int longest) {
    this(subjects, steps, longest, SHRINK_RUNS);
  }

  private Histories(
      Supplier<S> subjects, Function<Random, Step<S>> steps, int longest, int shrinkRuns) {
    this.subjects = subjects;
    this.steps = steps;
    this.longest = longest;
    this.shrinkRuns = shrinkRuns;
  }

  /** Returns the same that spends fewer runs on shrinking: for subjects that take their time. */
  public Histories<S> shrunkIn(int runs) {
    return new Histories<>(subjects, steps, longest, runs);
  }

  /**
   * Runs histories, and fails with the first that fails.
   *
   * @throws AssertionError with its seed and its shortest form
   */
  public void run(Seeds seeds) {
    told(firstFailure(seeds, true));
  }

  /**
   * Runs histories on all cores, and fails with the same one as {@link #run} does. The subjects
   * must not share anything.
   *
   * @throws AssertionError with its seed and its shortest form
   */
  public void runOnAllCores(Seeds seeds) {
    told(
        seeds.stream()
            .parallel()
            .mapToObj(this::failureOf)
            .filter(Objects::nonNull)
            .findFirst()
            .map(this::shrunk)
            .orElse(null));
  }

  private void told(@Nullable Failure<S> failure) {
    if (failure != null) {
      throw new AssertionError(failure.text(), failure.cause());
    }
  }

  /**
   * Runs histories until one fails.
   *
   * @param shrink whether it is shrunk
   * @return the failure; null when none fails
   */
  public @Nullable Failure<S> firstFailure(Seeds seeds, boolean shrink) {
    for (long seed : seeds.stream().toArray()) {
      Failure<S> failure = failureOf(seed);
      if (failure != null) {
        return shrink ? shrunk(failure) : failure;
      }
    }
    return null;
  }

  /**
   * Plays one history after the other on all cores until the soak is over, and ends the process.
   *
   * @param words what {@code ./ebb soak} starts a process with; this is all that it does
   */
  public void soak(String... words) throws InterruptedException {
    System.exit(
        Soak.ofProcess(words)
            .play(
                Runtime.getRuntime().availableProcessors(),
                seed -> told(firstFailure(new Seeds(1, seed), true))));
  }

  private @Nullable Failure<S> failureOf(long seed) {
    List<Step<S>> history = history(seed);
    Throwable cause = play(history);
    return cause == null ? null : new Failure<>(seed, history.size(), history, cause);
  }

  private List<Step<S>> history(long seed) {
    Random random = Seeds.random(seed);
    int length = longest / 2 + random.nextInt(longest - longest / 2 + 1);
    return IntStream.range(0, length).mapToObj(i -> steps.apply(random)).toList();
  }

  /** Plays a history on a new subject; returns what it failed with, or null. */
  private @Nullable Throwable play(List<Step<S>> history) {
    try (S subject = subjects.get()) {
      for (Step<S> step : history) {
        step.action().on(subject);
        subject.check();
      }
      subject.end();
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (Exception | AssertionError e) {
      return e;
    }
  }

  /** Drops halves, quarters, … single steps, for as long as what is left fails alike. */
  private Failure<S> shrunk(Failure<S> first) {
    List<Step<S>> shortest = first.steps();
    Throwable cause = first.cause();
    int runs = 0;
    int chunk = Math.max(1, shortest.size() / 2);
    while (chunk > 0 && runs < shrinkRuns) {
      boolean dropped = false;
      for (int at = 0; at < shortest.size() && runs < shrinkRuns; ) {
        List<Step<S>> fewer = without(shortest, at, chunk);
        Throwable again = play(fewer);
        runs++;
        if (again != null && again.getClass() == first.cause().getClass()) {
          shortest = fewer;
          cause = again;
          dropped = true;
        } else {
          at += chunk;
        }
      }
      chunk = dropped && chunk == 1 ? 1 : chunk / 2;
    }
    return new Failure<>(first.seed(), first.all(), shortest, cause);
  }

  private static <T> List<T> without(List<T> list, int from, int count) {
    List<T> rest = new ArrayList<>(list);
    rest.subList(from, Math.min(list.size(), from + count)).clear();
    return rest;
  }
}
