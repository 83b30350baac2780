package dev.ebb.system;

import dev.ebb.localcluster.http.RawHttp;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Calls HTTP services over plain sockets, from inside the cluster's network: a client that hides
 * nothing, neither by a pool nor by a retry. A process of its own, since a network belongs to a
 * process; talks in lines.
 *
 * <pre>
 *   once COUNT RETRY_MS URL       COUNT requests at once, each on a connection of its own; one that
 *                                 fails is tried once more after RETRY_MS (0: not at all)
 *   loop PAUSE_MS KEEP_ALIVE URL… one caller for each URL, until standard input ends
 *
 *   SENT                          all requests of "once" are written
 *   R caller attempt start_ms end_ms status text
 *   DONE
 * </pre>
 */
public final class Load {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(3);

  private Load() {}

  /** Runs one mode; see the class comment. */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "once" -> once(Integer.parseInt(args[1]), Long.parseLong(args[2]), args[3]);
      case "loop" -> {
        List<String> urls = List.of(args).subList(3, args.length);
        loop(Long.parseLong(args[1]), Boolean.parseBoolean(args[2]), urls);
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
    say("DONE");
  }

  private static void once(int count, long retryMillis, String url) throws InterruptedException {
    URI uri = URI.create(url);
    CountDownLatch sent = new CountDownLatch(count);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int caller = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                if (!attempt(caller, 1, uri, sent) && retryMillis > 0) {
                  pause(retryMillis);
                  attempt(caller, 2, uri, new CountDownLatch(1));
                }
              }));
    }
    sent.await();
    say("SENT");
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static boolean attempt(int caller, int attempt, URI uri, CountDownLatch sent) {
    long start = System.currentTimeMillis();
    boolean counted = false;
    try (Socket socket = connect(uri)) {
      send(socket, uri, false);
      sent.countDown();
      counted = true;
      RawHttp.Answer answer = RawHttp.read(new BufferedInputStream(socket.getInputStream()));
      report(caller, attempt, start, answer.status(), answer.body());
      return answer.status() == 200;
    } catch (IOException e) {
      report(caller, attempt, start, 0, e.toString());
      return false;
    } finally {
      if (!counted) {
        sent.countDown();
      }
    }
  }

  private static void loop(long pauseMillis, boolean keepAlive, List<String> urls)
      throws InterruptedException {
    boolean[] ended = {false};
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      int caller = i;
      URI uri = URI.create(urls.get(i));
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                if (keepAlive) {
                  onOneConnection(caller, uri, pauseMillis, ended);
                } else {
                  onManyConnections(caller, uri, pauseMillis, ended);
                }
              }));
    }
    awaitEndOfInput();
    ended[0] = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void onManyConnections(int caller, URI uri, long pauseMillis, boolean[] ended) {
    while (!ended[0]) {
      attempt(caller, 1, uri, new CountDownLatch(1));
      pause(pauseMillis);
    }
  }

  private static void onOneConnection(int caller, URI uri, long pauseMillis, boolean[] ended) {
    int attempt = 0;
    try (Socket socket = connect(uri)) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (!ended[0]) {
        long start = System.currentTimeMillis();
        send(socket, uri, true);
        RawHttp.Answer answer = RawHttp.read(in);
        report(caller, ++attempt, start, answer.status(), answer.body());
        pause(pauseMillis);
      }
    } catch (IOException e) {
      report(caller, attempt + 1, System.currentTimeMillis(), 0, e.toString());
    }
  }

  private static Socket connect(URI uri) throws IOException {
    return RawHttp.connect(uri, CONNECT, ANSWER);
  }

  private static void send(Socket socket, URI uri, boolean keepAlive) throws IOException {
    socket.getOutputStream().write(RawHttp.get(uri, keepAlive));
  }

  private static void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Only its end matters.
      }
    } catch (IOException e) {
      // As good as its end.
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void report(int caller, int attempt, long start, int status, String text) {
    String oneLine = text.strip().replaceAll("\\s+", " ");
    say(
        "R %d %d %d %d %d %s"
            .formatted(caller, attempt, start, System.currentTimeMillis(), status, oneLine));
  }

  private static void say(String line) {
    PrintStream out = System.out;
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
