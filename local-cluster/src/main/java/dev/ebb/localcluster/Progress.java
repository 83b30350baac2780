package dev.ebb.localcluster;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Tells a waiting human what happens: {@code [step 3/14] kube-apiserver … 42 s}. Steps that are
 * expected are counted first, so that n of m is true; quick steps take one line, slow ones say
 * every few seconds that they still run.
 */
public final class Progress {

  private static final Duration FIRST_SIGN = Duration.ofMillis(1900);
  private static final Duration NEXT_SIGN = Duration.ofSeconds(10);

  private final Supplier<PrintStream> out;
  private final boolean terminal;
  private final AtomicInteger expected = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();

  private Progress(Supplier<PrintStream> out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Reports on a stream; on a terminal a running step rewrites its own line. */
  public static Progress on(PrintStream out, boolean terminal) {
    return new Progress(() -> out, terminal);
  }

  /** Reports nothing. */
  public static Progress silent() {
    return on(new PrintStream(PrintStream.nullOutputStream()), false);
  }

  /** Announces that so many steps more will come. */
  public void expect(int steps) {
    expected.addAndGet(steps);
  }

  /** Says one thing that is no step. */
  public void say(String line) {
    synchronized (this) {
      out.get().println(line);
    }
  }

  /** Does one step and returns its result; reports when it is done, or that it failed. */
  public <T> T step(String what, Supplier<T> work) {
    int number = begun.incrementAndGet();
    expected.accumulateAndGet(number, Math::max);
    long start = System.nanoTime();
    Thread sign = Thread.ofVirtual().start(() -> signs(number, what, start));
    String end = "failed after";
    try {
      T result = work.get();
      end = "done in";
      return result;
    } finally {
      sign.interrupt();
      line(number, what + ": " + end + " " + seconds(start), true);
    }
  }

  /** Does one step that has no result. */
  public void step(String what, Runnable work) {
    step(
        what,
        () -> {
          work.run();
          return what;
        });
  }

  private void signs(int number, String what, long start) {
    try {
      Thread.sleep(FIRST_SIGN);
      while (!Thread.currentThread().isInterrupted()) {
        line(number, what + " … " + seconds(start), false);
        Thread.sleep(terminal ? Duration.ofSeconds(1) : NEXT_SIGN);
      }
    } catch (InterruptedException done) {
      Thread.currentThread().interrupt();
    }
  }

  private void line(int number, String text, boolean last) {
    String line = "[step " + number + "/" + expected.get() + "] " + text;
    synchronized (this) {
      if (terminal) {
        out.get().print("\r\033[K" + line + (last ? "\n" : ""));
        out.get().flush();
      } else {
        out.get().println(line);
      }
    }
  }

  private static String seconds(long start) {
    double elapsed = (System.nanoTime() - start) / 1e9;
    if (elapsed >= 60) {
      return String.format(Locale.ROOT, "%d min %d s", (int) elapsed / 60, (int) elapsed % 60);
    }
    return String.format(Locale.ROOT, "%.1f s", elapsed);
  }
}
