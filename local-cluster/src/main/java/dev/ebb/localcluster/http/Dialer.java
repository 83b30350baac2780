package dev.ebb.localcluster.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens a new connection again and again, at a fixed rate and whatever becomes of those before: one
 * after the other to each of its targets. A process of its own, since a network belongs to a
 * process; ends with its standard input, and talks in lines.
 *
 * <pre>
 *   PERIOD_MICROS ASK_EVERY NAME=URL…   every ASK_EVERY-th connection also asks for the URL
 *
 *   STARTED
 *   F name millis text                  a connection or an answer that failed, and when
 *   A name millis text                  an answer
 *   T name connections failures gap     at the end: the longest time without a connection, in ms
 *   DONE
 * </pre>
 */
public final class Dialer {

  private static final Duration LONGEST = Duration.ofSeconds(5);

  private record Target(String name, URI uri) {
    static Target parse(String text) {
      int equals = text.indexOf('=');
      return new Target(text.substring(0, equals), URI.create(text.substring(equals + 1)));
    }
  }

  /**
   * One connection.
   *
   * @param target its target's name
   * @param start when it was begun, by a clock that only goes forward
   * @param good whether it was there
   */
  record Try(String target, long start, boolean good) {}

  /**
   * What became of the connections to one target.
   *
   * @param gapMillis the longest time from one that was there to the next that was, with failures
   *     between them; 0 without failures
   */
  record Outcome(int connections, int failures, long gapMillis) {

    /** Sums up. */
    static Outcome of(Collection<Try> tries) {
      List<Try> sorted = tries.stream().sorted(Comparator.comparingLong(Try::start)).toList();
      long gap = 0;
      long since = sorted.isEmpty() ? 0 : sorted.getFirst().start();
      boolean failed = false;
      for (Try one : sorted) {
        if (one.good()) {
          gap = failed ? Math.max(gap, one.start() - since) : gap;
          since = one.start();
        }
        failed = !one.good();
      }
      if (failed) {
        gap = Math.max(gap, sorted.getLast().start() - since);
      }
      int failures = (int) sorted.stream().filter(t -> !t.good()).count();
      return new Outcome(sorted.size(), failures, TimeUnit.NANOSECONDS.toMillis(gap));
    }
  }

  private final List<Target> targets;
  private final int askEvery;
  private final Queue<Try> tries = new ConcurrentLinkedQueue<>();

  private Dialer(List<Target> targets, int askEvery) {
    this.targets = targets;
    this.askEvery = askEvery;
  }

  /** Runs; see the class comment. */
  public static void main(String[] args) throws Exception {
    List<Target> targets =
        List.of(args).subList(2, args.length).stream().map(Target::parse).toList();
    new Dialer(targets, Integer.parseInt(args[1])).run(Long.parseLong(args[0]));
  }

  private void run(long periodMicros) throws InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    Thread.ofVirtual().start(() -> awaitEndOfInput(ended));
    say("STARTED");
    List<Thread> open = new ArrayList<>();
    long period = TimeUnit.MICROSECONDS.toNanos(periodMicros);
    long next = System.nanoTime();
    for (long i = 0; !ended.get(); i++) {
      Target target = targets.get((int) (i % targets.size()));
      boolean ask = i / targets.size() % askEvery == 0;
      open.add(Thread.ofVirtual().start(() -> connect(target, ask)));
      if (open.size() > 10_000) {
        open.removeIf(thread -> !thread.isAlive());
      }
      // Who comes late makes up for it: so many a second, whatever the machine does meanwhile.
      next += period;
      for (long wait = next - System.nanoTime(); wait > 0; wait = next - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
    }
    for (Thread thread : open) {
      thread.join();
    }
    for (Target target : targets) {
      Outcome outcome =
          Outcome.of(tries.stream().filter(t -> t.target().equals(target.name())).toList());
      say(
          "T %s %d %d %d"
              .formatted(
                  target.name(), outcome.connections(), outcome.failures(), outcome.gapMillis()));
    }
    say("DONE");
  }

  private void connect(Target target, boolean ask) {
    long start = System.nanoTime();
    try (Socket socket = RawHttp.connect(target.uri(), LONGEST, LONGEST)) {
      tries.add(new Try(target.name(), start, true));
      if (ask) {
        ask(target, socket);
      }
      // Closed by a reset: a port that waits two minutes is one that the next cannot have.
      socket.setSoLinger(true, 0);
    } catch (IOException failed) {
      tries.add(new Try(target.name(), start, false));
      tell("F", target, String.valueOf(failed.getMessage()));
    }
  }

  private static void ask(Target target, Socket socket) {
    try {
      socket.getOutputStream().write(RawHttp.get(target.uri(), false));
      RawHttp.Answer answer = RawHttp.read(new BufferedInputStream(socket.getInputStream()));
      tell(answer.status() == 200 ? "A" : "F", target, answer.body());
    } catch (IOException cut) {
      tell("F", target, "no answer: " + cut.getMessage());
    }
  }

  private static void tell(String word, Target target, String text) {
    say(
        "%s %s %d %s"
            .formatted(
                word,
                target.name(),
                System.currentTimeMillis(),
                text.strip().replaceAll("\\s+", " ")));
  }

  private static void awaitEndOfInput(AtomicBoolean ended) {
    try {
      while (System.in.read() >= 0) {
        // Only its end matters.
      }
    } catch (IOException e) {
      // As good as its end.
    }
    ended.set(true);
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
