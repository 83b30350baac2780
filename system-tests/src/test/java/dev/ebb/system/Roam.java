package dev.ebb.system;

import dev.ebb.localcluster.http.RawHttp;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Callers that come and go, each from a seed of its own: some requests to one of the services, one
 * after the other, then a rest that may be long enough for it to fall asleep. Runs inside the
 * cluster's network, as a process of its own, and adds up outcomes by cause.
 *
 * <pre>
 *   SEED SECONDS CALLERS DEADLINE_MS LONGEST_BURST LONGEST_REST_MS KEEP_ALIVE NAME=URL…
 *
 *   C count longest_ms cause    for each cause, when all have ended
 *   P pods                      how many pods have answered
 *   DONE
 * </pre>
 */
public final class Roam {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** What a request may be late: the time of two processes that are not alone on the machine. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final Pattern POD = Pattern.compile("\"pod\":\\s*\"([^\"]*)\"");
  private static final Pattern REASON = Pattern.compile("\"reason\":\\s*\"([^\"]*)\"");

  private final Map<String, long[]> outcomes = new TreeMap<>();
  private final Set<String> pods = new HashSet<>();
  private final long endNanos;
  private final Duration deadline;
  private final int longestBurst;
  private final int longestRestMillis;
  private final boolean keepAlive;

  private Roam(String[] words) {
    this.endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(words[1]));
    this.deadline = Duration.ofMillis(Long.parseLong(words[3]));
    this.longestBurst = Integer.parseInt(words[4]);
    this.longestRestMillis = Integer.parseInt(words[5]);
    this.keepAlive = Boolean.parseBoolean(words[6]);
  }

  /** Roams; see the class comment. */
  public static void main(String[] words) throws InterruptedException {
    Roam roam = new Roam(words);
    List<String> places = List.of(words).subList(7, words.length);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(words[2]); i++) {
      Random random = new Random(Long.parseLong(words[0]) * 1_000 + i);
      callers.add(Thread.ofPlatform().start(() -> roam.call(random, places)));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    roam.outcomes.forEach((cause, sum) -> System.out.printf("C %d %d %s%n", sum[0], sum[1], cause));
    System.out.printf("P %d%n", roam.pods.size());
    System.out.println("DONE");
  }

  private void call(Random random, List<String> places) {
    while (System.nanoTime() < endNanos) {
      String[] place = places.get(random.nextInt(places.size())).split("=", 2);
      burst(place[0], URI.create(place[1]), 1 + random.nextInt(longestBurst));
      try {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(longestRestMillis));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void burst(String name, URI uri, int requests) {
    int left = requests;
    while (left > 0 && System.nanoTime() < endNanos) {
      left -= onOneConnection(name, uri, keepAlive ? left : 1);
    }
  }

  /** Returns how many requests were made: fewer than wanted when the connection broke. */
  private int onOneConnection(String name, URI uri, int wanted) {
    int made = 0;
    long start = System.nanoTime();
    try (Socket socket = RawHttp.connect(uri, CONNECT, deadline.plus(GRACE))) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      do {
        start = System.nanoTime();
        made++;
        socket.getOutputStream().write(RawHttp.get(uri, keepAlive));
        count(causeOf(name, RawHttp.read(in)), start);
      } while (made < wanted && System.nanoTime() < endNanos);
      return made;
    } catch (SocketTimeoutException e) {
      count(made == 0 ? "no connection" : "no answer", start);
    } catch (ConnectException e) {
      count("refused", start);
    } catch (IOException e) {
      count("cut", start);
    }
    return Math.max(1, made);
  }

  private String causeOf(String name, RawHttp.Answer answer) {
    Matcher matcher = (answer.status() == 200 ? POD : REASON).matcher(answer.body());
    String word = matcher.find() ? matcher.group(1) : "";
    if (answer.status() != 200) {
      return (answer.status() + " " + word).strip();
    }
    if (!word.startsWith(name + "-")) {
      return "wrong answer";
    }
    synchronized (pods) {
      pods.add(word);
    }
    return "200";
  }

  private void count(String cause, long start) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    String timely = millis > deadline.plus(GRACE).toMillis() ? "late " + cause : cause;
    synchronized (outcomes) {
      long[] sum = outcomes.computeIfAbsent(timely, c -> new long[2]);
      sum[0]++;
      sum[1] = Math.max(sum[1], millis);
    }
  }
}
